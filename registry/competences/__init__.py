"""The register of competences: routes under /competences."""
