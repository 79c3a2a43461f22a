"""One file that holds an installation: the rows of every table, the stored files, the anchors of the audit.

The rows are written by the database driver in one canonical form, the same for SQLite and PostgreSQL: no client tool
is needed, and two databases with the same rows give the same bytes. ``making`` writes a backup, ``restoring`` reads one
into a new database beside the present one, ``nightly`` keeps the last ones.
"""
