"""Public law as dated data: what the Code du travail and the branch agreements fix, since when, and where.

A parameter is one YAML file under `parameters/`, its name is the file's. Each value carries its first day and
its legal reference, each file its unit and the day on which a person last read the texts. Where an agreement
is silent the Code du travail's value holds. Agency choices are not law: they live in tables.

Nothing here judges a planning; `homecare.labour` does.
"""
