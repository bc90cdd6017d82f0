"""From a connection to its dataflow, as rows: what was chosen, and what is made of it at Adobe."""
