"""The register of laboratories: routes under /laboratories, for everybody and for the office."""
