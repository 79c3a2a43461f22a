"""Rules that nothing in the system carries out: {key of the clause: what its page says beside it}. Pure.

Who builds one of them takes its entry away.
"""

BY_HAND = {
    "rectification.sources": "只列明来源，登记来件和导入时不按本条取舍",
}
