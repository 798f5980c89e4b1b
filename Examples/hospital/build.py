#!/usr/bin/env python3
# /// script
# dependencies = ["python-docx==1.2.0", "python-pptx==1.0.2", "openpyxl==3.1.5", "odfpy==1.4.1",
#                 "reportlab==5.1.0", "pillow==13.0.0"]
# ///
"""Makes the office, PDF, mail, book, archive and scanned documents from the text sources in `text/`.

    build.py            write documents/
    build.py --check    compare with what is there, write nothing

A source is `text/<path>.md` for the document `documents/<path>`. It is a small part of Markdown: headings, paragraphs,
lists, tables with pipes. `Note:` is a speaker's note, `[[white: ...]]` a run in white, `=== ` begins a part of a mail
or an archive. The same versions of the packages above (and of zlib) give the same bytes.
"""
import base64
import datetime
import io
import pathlib
import random
import re
import sys
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
MOMENT = datetime.datetime(2026, 11, 16, 8, 0, 0)
STAMP = MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ")
HOUSE = "Corvinshof Clinics"
FOOTER = "Corvinshof Clinics. Invented document of a demonstration, not for clinical use."


# A source becomes a list of blocks: (kind, content).

def blocks(text):
    found, paragraph = [], []

    def close():
        if paragraph:
            found.append(("paragraph", " ".join(paragraph)))
            paragraph.clear()

    for line in text.split("\n"):
        heading = re.match(r"(#+) (.*)", line)
        item = re.match(r"(- |\d+\. )(.*)", line)
        if not line.strip():
            close()
        elif heading:
            close()
            found.append((f"heading{len(heading[1])}", heading[2]))
        elif line.startswith("|"):
            close()
            row = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not (found and found[-1][0] == "table"):
                found.append(("table", []))
            if not all(re.fullmatch(r"-{3,}", cell) for cell in row):
                found[-1][1].append(row)
        elif line.startswith("[[white: "):
            close()
            found.append(("white", line[9:-2]))
        elif line.startswith("Note: "):
            close()
            found.append(("note", line[6:]))
        elif item:
            close()
            found.append(("bullet" if item[1] == "- " else "number", item[2]))
        elif line.startswith("  ") and found and found[-1][0] in ("bullet", "number") and not paragraph:
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip())
        elif found and found[-1][0] in ("white", "note") and not paragraph:
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip().removesuffix("]]"))
        else:
            paragraph.append(line.strip())
    close()
    return found


def title_of(parts):
    return next(content for kind, content in parts if kind == "heading1")


def parts_of(text):
    """The text before the first `=== ` line, and the named texts after them."""
    first, *rest = re.split(r"^=== (?:attachment|file) ", text, flags=re.M)
    return first, [tuple(part.split("\n", 1)) for part in rest]


def packed(files, first="mimetype"):
    """A ZIP with fixed dates; `first` comes first and is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(files.items(), key=lambda file: (file[0] != first, file[0])):
            member = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            member.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, data, compresslevel=9)
    return out.getvalue()


def repacked(data):
    """An office file with fixed dates, in its members and in its properties."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    for name in ("docProps/core.xml", "meta.xml"):
        if name in files:
            dates = rb"(<(?:dcterms:created|dcterms:modified|meta:creation-date|dc:date)[^>]*>)[^<]*"
            files[name] = re.sub(dates, lambda found: found[1] + STAMP.encode(), files[name])
    return packed(files)


# One function for each kind of file.

def docx(text):
    import docx as word
    from docx.shared import RGBColor
    parts, document = blocks(text), word.Document()
    document.core_properties.author = HOUSE
    document.core_properties.title = title_of(parts)
    document.core_properties.created = document.core_properties.modified = MOMENT
    document.sections[0].footer.paragraphs[0].text = FOOTER
    styles = {"bullet": "List Bullet", "number": "List Number"}
    for kind, content in parts:
        if kind.startswith("heading"):
            document.add_heading(content, int(kind[7:]) - 1)
        elif kind == "table":
            table = document.add_table(len(content), len(content[0]), style="Table Grid")
            for row, cells in zip(table.rows, content):
                for cell, value in zip(row.cells, cells):
                    cell.text = value
            for cell in table.rows[0].cells:
                cell.paragraphs[0].runs[0].bold = True
            document.add_paragraph()
        elif kind == "white":
            document.add_paragraph().add_run(content).font.color.rgb = RGBColor(255, 255, 255)
        else:
            document.add_paragraph(content, style=styles.get(kind))
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def pptx(text):
    import pptx as slides
    from pptx.util import Cm, Pt
    parts, show, slide = blocks(text), slides.Presentation(), None
    show.core_properties.author, show.core_properties.title = HOUSE, title_of(parts)
    show.core_properties.created = show.core_properties.modified = MOMENT
    for index, (kind, content) in enumerate(parts):
        if kind == "heading1":
            slide = show.slides.add_slide(show.slide_layouts[0])
            slide.shapes.title.text = content
        elif kind == "heading2":
            has_table = parts[index + 1][0] == "table"
            slide = show.slides.add_slide(show.slide_layouts[5 if has_table else 1])
            slide.shapes.title.text = content
        elif kind == "table":
            size = (Cm(1.5), Cm(4.5), Cm(22), Cm(1.1) * len(content))
            table = slide.shapes.add_table(len(content), len(content[0]), *size).table
            for row, cells in enumerate(content):
                for column, value in enumerate(cells):
                    table.cell(row, column).text = value
                    table.cell(row, column).text_frame.paragraphs[0].font.size = Pt(14)
        elif kind == "note":
            slide.notes_slide.notes_text_frame.text = content
        else:
            frame = slide.placeholders[1].text_frame
            paragraph = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
            paragraph.text = content
    out = io.BytesIO()
    show.save(out)
    return repacked(out.getvalue())


def xlsx(text):
    import openpyxl
    from openpyxl.styles import Font
    parts, book, sheet = blocks(text), openpyxl.Workbook(), None
    book.remove(book.active)
    book.properties.creator, book.properties.title, book.properties.created = HOUSE, title_of(parts), MOMENT
    for kind, content in parts[1:]:
        if kind == "heading2":
            sheet = book.create_sheet(content)
        elif kind == "table":
            for number, cells in enumerate(content):
                row = sheet.max_row + 1
                for column, value in enumerate(cells, 1):
                    cell = sheet.cell(row, column)
                    cell.value, cell.number_format = spreadsheet_value(value)
                    cell.font = Font(bold=number == 0)
            for column in sheet.columns:
                sheet.column_dimensions[column[0].column_letter].width = 18
        else:
            sheet.append([content])
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue())


def spreadsheet_value(text):
    """Numbers and days as such, with the format that shows them as the source writes them."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.datetime.strptime(text, "%Y-%m-%d"), "yyyy-mm-dd"
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", text):
        return int(text.replace(",", "")), "#,##0"
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text), "0." + "0" * len(text.split(".")[1])
    return (int(text), "0") if re.fullmatch(r"-?\d+", text) else (text, "General")


def odt(text):
    from odf import dc, opendocument, style, table, text as odf
    parts, document = blocks(text), opendocument.OpenDocumentText()
    document.meta.addElement(dc.Title(text=title_of(parts)))
    bold = style.Style(name="Bold", family="text")
    bold.addElement(style.TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    for kind, content in parts:
        if kind.startswith("heading"):
            document.text.addElement(odf.H(outlinelevel=int(kind[7:]), text=content))
        elif kind == "table":
            grid = table.Table(name=f"Table{len(document.text.childNodes)}")
            grid.addElement(table.TableColumn(numbercolumnsrepeated=len(content[0])))
            for number, cells in enumerate(content):
                row = table.TableRow()
                for value in cells:
                    cell, paragraph = table.TableCell(valuetype="string"), odf.P()
                    paragraph.addElement(odf.Span(text=value, **({"stylename": bold} if number == 0 else {})))
                    cell.addElement(paragraph)
                    row.addElement(cell)
                grid.addElement(row)
            document.text.addElement(grid)
        elif kind in ("bullet", "number"):
            items, entry = odf.List(), odf.ListItem()
            entry.addElement(odf.P(text=content))
            items.addElement(entry)
            document.text.addElement(items)
        else:
            document.text.addElement(odf.P(text=content))
    out = io.BytesIO()
    document.write(out)
    return repacked(out.getvalue())


def rtf(text):
    def plain(content):
        content = re.sub(r"([\\{}])", r"\\\1", content)
        return "".join(sign if ord(sign) < 128 else f"\\u{ord(sign)}?" for sign in content)

    out = [r"{\rtf1\ansi\deff0{\fonttbl{\f0 Helvetica;}}{\info{\title " + plain(title_of(blocks(text))) + "}}"]
    for kind, content in blocks(text):
        if kind.startswith("heading"):
            size = {"heading1": 36, "heading2": 28}[kind]
            out.append(rf"\pard\sb240\sa120{{\b\fs{size} {plain(content)}}}\par")
        elif kind == "table":
            edges = "".join(rf"\cellx{(column + 1) * 9000 // len(content[0])}" for column in range(len(content[0])))
            for cells in content:
                row = "".join(plain(value) + r"\cell " for value in cells)
                out.append(rf"\trowd{edges}\pard\intbl {row}\row")
        else:
            lead = {"bullet": r"\bullet\tab ", "number": r"\endash\tab "}.get(kind, "")
            out.append(rf"\pard\sa120\fs22 {lead}{plain(content)}\par")
    return "\n".join(out + ["}"]).encode("ascii")


def pdf(text):
    from reportlab.lib import colors, pagesizes, styles
    from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
    parts, sheet, story = blocks(text), styles.getSampleStyleSheet(), []
    sheet["BodyText"].fontSize, sheet["BodyText"].leading = 11.5, 16.5
    cell_style = styles.ParagraphStyle("cell", fontName="Helvetica", fontSize=9, leading=11)
    head_style = styles.ParagraphStyle("head", parent=cell_style, fontName="Helvetica-Bold")
    look = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                       ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)])
    for index, (kind, content) in enumerate(parts):
        if kind.startswith("heading"):
            sheet["Heading" + kind[7:]].keepWithNext = 1
            story.append(Paragraph(escape(content), sheet["Heading" + kind[7:]]))
        elif kind == "table":
            rows = [[Paragraph(escape(value), cell_style if number else head_style) for value in cells]
                    for number, cells in enumerate(content)]
            story += [Table(rows, repeatRows=1, style=look, hAlign="LEFT"), Spacer(0, 10)]
        elif kind in ("bullet", "number"):
            item = [Paragraph(escape(content), sheet["BodyText"])]
            count = 1
            while kind == "number" and parts[index - count][0] == "number":
                count += 1
            mark = {"bulletType": "1", "start": count} if kind == "number" else {"bulletType": "bullet"}
            story.append(ListFlowable(item, leftIndent=18, **mark))
        else:
            story.append(Paragraph(escape(content), sheet["BodyText"]))

    def foot(canvas, document):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(57, 30, f"{FOOTER} Page {document.page}")

    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=pagesizes.A4, title=title_of(parts), author=HOUSE, invariant=1,
                                 leftMargin=57, rightMargin=57)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def scan(text, seed):
    """The source as an A4 page of 150 dots an inch, turned a little, with the specks of a copying machine."""
    from PIL import Image, ImageDraw, ImageFont
    page = Image.new("L", (1240, 1754), 250)
    draw, y = ImageDraw.Draw(page), 130
    for kind, content in blocks(text):
        size = {"heading1": 40, "heading2": 32}.get(kind, 25)
        font = ImageFont.load_default(size)
        if kind == "table":
            widths = [240, 520, 200] if len(content[0]) == 3 else [480, 400]
            for cells in content:
                x = 120
                for value, width in zip(cells, widths):
                    draw.rectangle((x, y, x + width, y + 46), outline=90, width=2)
                    draw.text((x + 12, y + 8), value, fill=30, font=font)
                    x += width
                y += 46
            y += 24
            continue
        mark = {"bullet": "\u2022 ", "number": ""}.get(kind, "")
        if kind == "number":
            mark = re.search(rf"^(\d+\. ){re.escape(content[:20])}", text, re.M)[1]
        line = ""
        for word in (mark + content).split(" ") + [None]:
            if word is None or font.getlength(line + word) > 980:
                draw.text((120, y), line.strip(), fill=25, font=font)
                line, y = "", y + int(size * 1.45)
            line += (word or "") + " "
        y += 12
    page = page.rotate(0.7, Image.BICUBIC, fillcolor=250)
    chance, pixels = random.Random(seed), page.load()
    for _ in range(2600):
        pixels[chance.randrange(1240), chance.randrange(1754)] = chance.choice((90, 150, 200))
    return page.point(lambda value: value // 16 * 17)


def png(text):
    out = io.BytesIO()
    scan(text, 3).save(out, "PNG", optimize=True, dpi=(150, 150))
    return out.getvalue()


def scanned_pdf(text):
    from reportlab.lib import pagesizes, utils
    from reportlab.pdfgen import canvas
    picture, out = io.BytesIO(), io.BytesIO()
    scan(text, 4).save(picture, "JPEG", quality=55)
    page = canvas.Canvas(out, pagesize=pagesizes.A4, invariant=1)
    page.drawImage(utils.ImageReader(picture), 0, 0, *pagesizes.A4)
    page.save()
    return out.getvalue()


def html_of(parts):
    out = []
    for kind, content in parts:
        if kind == "table":
            rows = [f"<tr>{''.join(f'<{tag}>{escape(value)}</{tag}>' for value in cells)}</tr>"
                    for cells, tag in zip(content, ["th"] + ["td"] * len(content))]
            out.append(f"<table>{''.join(rows)}</table>")
        else:
            tag = {"heading1": "h1", "heading2": "h2"}.get(kind, "p")
            out.append(f"<{tag}>{escape(content)}</{tag}>")
    return "\n".join(out)


def epub(text):
    parts = blocks(text)
    starts = [index for index, part in enumerate(parts) if part[0].startswith("heading")]
    chapters = [parts[start:end] for start, end in zip(starts, starts[1:] + [None])]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"'
    page = head + "><head><title>{}</title></head><body>\n{}\n</body></html>\n"
    names = [f"chapter{number:02}.xhtml" for number in range(1, len(chapters) + 1)]
    files = {"OEBPS/" + name: page.format(escape(part[0][1]), html_of(part)) for name, part in zip(names, chapters)}
    links = "".join(f'<li><a href="{name}">{escape(part[0][1])}</a></li>' for name, part in zip(names, chapters))
    files["OEBPS/nav.xhtml"] = (
        head + ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Contents</title></head>'
        f'<body><nav epub:type="toc"><ol>{links}</ol></nav></body></html>\n')
    items = "".join(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
                    for n, name in enumerate(names))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    files["OEBPS/content.opf"] = (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:corvinshof:{names[0]}</dc:identifier><dc:title>{escape(title_of(parts))}'
        f'</dc:title><dc:language>en-GB</dc:language><meta property="dcterms:modified">{STAMP}</meta></metadata>'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{items}</manifest><spine>{spine}</spine></package>\n")
    files["META-INF/container.xml"] = (
        '<?xml version="1.0"?>\n<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n')
    files["mimetype"] = "application/epub+zip"
    return packed(files)


def eml(text):
    message, attachments = parts_of(text)
    header, body = message.split("\n\n", 1)
    edge = "corvinshof-part"
    lines = header.split("\n") + [
        "Message-ID: <20261112142205.1@corvinshof.example>", "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{edge}"', "", f"--{edge}",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", *body.split("\n")]
    for name, data in attachments:
        lines += [f"--{edge}", f'Content-Type: text/csv; charset=utf-8; name="{name}"',
                  "Content-Transfer-Encoding: base64",
                  f'Content-Disposition: attachment; filename="{name}"', ""]
        lines += base64.encodebytes(data.encode()).decode().split("\n")
    return "\r\n".join(lines + [f"--{edge}--", ""]).encode()


def archive(text):
    return packed(dict(parts_of(text)[1]))


BUILDERS = {"docx": docx, "pptx": pptx, "xlsx": xlsx, "odt": odt, "rtf": rtf, "pdf": pdf, "png": png, "epub": epub,
            "eml": eml, "zip": archive}


def built(source):
    name = source.name.removesuffix(".md")
    maker = scanned_pdf if name.endswith("-scan.pdf") else BUILDERS[name.rsplit(".", 1)[1]]
    return maker(source.read_text(encoding="utf-8"))


def main():
    differing = []
    for source in sorted((HERE / "text").rglob("*.md")):
        path = HERE / "documents" / source.relative_to(HERE / "text").with_suffix("")
        data = built(source)
        if path.exists() and path.read_bytes() == data:
            continue
        differing.append(path.relative_to(HERE))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    verb = "differs" if "--check" in sys.argv else "written"
    print("\n".join(f"{verb}: {path}" for path in differing) or "nothing has changed")
    sys.exit(1 if differing and "--check" in sys.argv else 0)


if __name__ == "__main__":
    main()
