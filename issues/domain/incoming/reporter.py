"""What came with a reported problem. Pure."""

from dataclasses import asdict, dataclass

from core.text import mask_phone


@dataclass(frozen=True)
class Reporter:
    """What came with the problem: who reported it, what was answered and how satisfied they were."""

    name: str = ""
    phone: str = ""
    reply: str = ""
    satisfaction: str = ""

    def stored(self) -> dict[str, str]:
        """The values as they are kept, the number masked."""
        values = {name: text.strip() for name, text in asdict(self).items()}
        # What is masked already would lose its last digits too.
        masked = values["phone"] if "*" in values["phone"] else mask_phone(values["phone"])
        return values | {"phone": masked[:40]}
