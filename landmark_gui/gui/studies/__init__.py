"""Paired studies in the window: one controller, and the panel that two pages show.

`setup` says what would be done, `run` does it, `panel` shows both; `rows` and `layout` say what
the chart shows and where, without Qt, and `chart` paints it.
"""
