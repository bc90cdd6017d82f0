"""The Connection Wizard: base connections for Adobe Experience Platform, from a guided form."""
