"""How fast the wizard is on this machine, each figure beside its floor: python -m tests.bench"""
