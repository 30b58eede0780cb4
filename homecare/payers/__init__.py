"""Payers (financeurs, « payeurs » on screens): who pays, wholly or in part, for a client's visits.

A payer is the whole organisation's: a département, a pension fund, an insurer, a municipal social centre. It
pays for a client over a period, never twice at a time. A payer is retired, never deleted: what held on its
days stays true. What a payer asks of punches is kept with the other minimums (`punches.proof_minimum`).
"""
