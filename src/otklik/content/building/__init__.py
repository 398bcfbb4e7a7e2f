"""How the lexicon is made from its sources: ``make lexicon`` runs it, nothing else imports it."""
