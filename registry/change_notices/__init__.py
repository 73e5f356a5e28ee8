"""What vendors say has changed: routes under /change-notices."""
