"""A kind of contract for import-linter: what one package may import of its own app. Named in pyproject.toml."""

from importlinter import Contract, ContractCheck, fields, output


class OwnAppContract(Contract):
    """``source``, a module or a package, imports nothing of its app but itself and the modules of ``allowed``."""

    type_name = "own_app"
    source = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph, verbose):
        app = self.source.split(".")[0]
        own = {self.source} | graph.find_descendants(self.source)
        wrong = sorted(
            (module, imported)
            for module in own
            for imported in graph.find_modules_directly_imported_by(module) - own - set(self.allowed)
            if imported == app or imported.startswith(f"{app}.")
        )
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check):
        for module, imported in check.metadata["wrong"]:
            output.print_error(f"{module} imports {imported}", bold=False)
