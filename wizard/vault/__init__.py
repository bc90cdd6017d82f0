"""How a secret is kept: key ring, sealing, the sealed field. The only room that imports cryptography."""
