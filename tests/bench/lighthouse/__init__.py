"""Lighthouse's scores of a page. What is locked here, tests/install_lighthouse.py installs; it needs Node.js."""
