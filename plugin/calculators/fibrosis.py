"""How the two scores of liver fibrosis are read."""

from __future__ import annotations

from plugin.calculators.bands import Band, Bands


def fibrosis_bands(*, low_below: float, high_above: float) -> Bands:
    """The bands between a score's own cut-offs; a value at `high_above` is still indeterminate."""
    return (
        Band("Low", "good", "advanced fibrosis is unlikely", below=low_below),
        Band("Indeterminate", "watch", "advanced fibrosis is neither likely nor ruled out", up_to=high_above),
        Band("High", "high", "advanced fibrosis is likely"),
    )
