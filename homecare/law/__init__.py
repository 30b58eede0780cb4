"""Public law as dated data: what the Code du travail and the branch agreements fix, since when, and where.

A parameter is one YAML file under `parameters/`, its name is the file's. Each value carries its first day, its
unit and its legal reference, and each file the day on which a person last read the texts. An agreement that is
silent leaves the Code du travail's value in force. Agency choices are not law: they live in tables.

Nothing here judges a planning; `homecare.labour` does.
"""
