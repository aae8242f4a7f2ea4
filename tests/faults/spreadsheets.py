"""`bin/spreadsheets`: what a spreadsheet itself makes of our tables, when each text in them begins like a formula.

LibreOffice reads the CSV and the XLSX and writes them again; a cell that became a formula, or a number, is named.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import load_workbook

# Sets Django up, when this is run as a program.
import config.wsgi  # noqa: F401
from tests.reports.test_tables import PREFIXES, as_csv, as_xlsx

# Comma, double quote, UTF-8, from the first line; what looks like a number or a formula is taken for one.
AS_CSV = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


def converted(folder: Path, name: str, content: bytes) -> Path:
    """As LibreOffice reads it, in a profile of its own, and writes it again."""
    file, out = folder / name, folder / "out"
    file.write_bytes(content)
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("LibreOffice Calc is needed: libreoffice-calc-nogui of Debian.")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    how = [AS_CSV] if name.endswith("csv") else []
    command = [program, profile, "--headless", *how, "--convert-to", "xlsx", "--outdir", out, file]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out / f"{file.stem}.xlsx"


def main() -> int:
    rows = [(text, text) for text in PREFIXES]
    contents = {"as_csv.csv": as_csv(rows), "as_xlsx.xlsx": as_xlsx(rows).getvalue()}
    calculated = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents.items():
            book = load_workbook(converted(Path(folder), name, content))
            sheet = book[book.sheetnames[-1]]
            cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
            wrong = [cell.coordinate for cell in cells if cell.data_type != "s"]
            lost = len(cells) < 2 * len(PREFIXES) - 2
            print(f"{name}: {len(cells)} cells read, {len(wrong)} no text {' '.join(wrong)}{' LOST' * lost}")
            calculated += len(wrong) + lost
    return 1 if calculated else 0


if __name__ == "__main__":
    sys.exit(main())
