#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the reference of the doors as HTML, with Doxygen, and fails if anything in it is not documented.

    .github/reference/reference.py OUT [DOXYGEN]        the pages are in OUT/html, and begin with index.html

Doxygen sees copies of the doors without what works behind them. Pages whose facts are in the headers (options, errors)
are made from the headers; pages that people write are compared with them.
"""

import html
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INCLUDE = ROOT / "include"
ROOMS = ["core", "table", "statistics", "artifact", "payload", "receive", "render"]

problems = []
copies = {}  # path below include/ -> the lines of the copy


def read(path):
    return path.read_text(encoding="utf-8")


def doors():
    return sorted(INCLUDE.glob("curtail/*.hpp")) + sorted(INCLUDE.glob("curtail/*/*.hpp"))


def version():
    number = int(re.search(r"^#define CURTAIL_VERSION (\d+)$", read(INCLUDE / "curtail/core/version.hpp"), re.M)[1])
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


# ---- the copies that Doxygen reads


def without_definitions(lines):
    """Returns the lines that are not between #if CURTAIL_DEFINITIONS and its #endif."""
    kept, depth = [], 0
    for line in lines:
        if depth == 0 and re.match(r"#if CURTAIL_DEFINITIONS\b", line):
            depth = 1
        elif depth:
            depth += len(re.findall(r"^\s*#\s*if", line)) - len(re.findall(r"^\s*#\s*endif", line))
        else:
            kept.append(line)
    return kept


def without_detail(lines):
    kept, inside, braces = [], False, False
    for line in lines:
        if re.match(r"namespace (curtail::inline v0::)?detail \{", line):
            inside, braces = True, False
        elif not inside:
            kept.append(line)
        elif re.match(r"\}  // namespace (curtail::inline v0::)?detail", line) or (line == "}" and not braces):
            inside = False
        else:
            braces = braces or "{" in line
    return kept


def as_code(text):
    return "<tt>" + html.escape(text, quote=False).replace('"', "&quot;").replace("\\", "\\\\").replace("#", "\\#").replace("@", "\\@") + "</tt>"


def escaped(prose):
    """Returns prose in which Doxygen sees no HTML and no link where none is meant, and code where `code` is."""
    pieces = re.split(r"`([^`]*)`", prose)
    pieces[0::2] = [re.sub(r"#(?=include)", r"\\#", piece.replace("<", "&lt;").replace(">", "&gt;")) for piece in pieces[0::2]]
    pieces[1::2] = [as_code(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def with_sections(comment):
    """Gives the sentences of a comment that say what is thrown a place of their own behind the rest."""
    rest, thrown, in_code = [], [], False
    for paragraph in re.split(r"\n\s*\n", "\n".join(comment)):
        in_code = in_code or "@code" in paragraph
        if in_code or re.match(r"\s{4,}|\s*- |\s*@", paragraph):  # an example, a list, a command
            in_code = in_code and "@endcode" not in paragraph
            rest.append(paragraph)
            continue
        paragraph = escaped(paragraph)
        kept = []
        for sentence in re.split(r"(?<=[.:;])\s+(?=[A-Z`])", paragraph):
            (thrown if re.match(r"Throws\s", sentence) else kept).append(sentence)
        rest.append("\n".join(kept))
    text = "\n\n".join(part for part in rest if part.strip())
    if thrown:
        text += "\n\n@par Throws\n" + "<br>\n".join(re.sub(r"^Throws\s+", "", sentence) for sentence in thrown)
    return text.split("\n")


def declared_name(lines):
    """Returns the name of the function that the first of these lines begins to declare, or nothing."""
    text = " ".join(line.strip() for line in lines) if lines[0].strip().startswith("template <") else lines[0]
    text = re.sub(r"^\s*template <[^()]*?>\s+(?=[\[\w])", "", text)
    found = re.match(r"\s*(?:[\w:<>,&*\[\]]+ )+?[&*]?(\w+)\(", text)
    return found[1] if found and not re.match(r"\s*(return|if|throw|else|for|while)\b", text) else None


def without_guides(lines):
    """Leaves out deduction guides, which are not functions of their own to a reader."""
    kept, skipped = [], 0
    for at, line in enumerate(lines):
        if skipped == 0:
            following = lines[at : at + 4]
            length = next((i + 1 for i, text in enumerate(following) if text.endswith((";", "{"))), 4)
            text = " ".join(following[:length])
            guide = r"(template <[^;{]*?> )?(requires\(.*\) )?(explicit )?[A-Z]\w*\([^;{]*\)\s*->.*;$"
            skipped = length if re.match(guide, text) else 0
        if skipped == 0:
            kept.append(line)
        else:
            skipped -= 1
    return kept


def is_machinery(line):
    """Returns true for a member that is there for other doors: it takes or returns what works behind them."""
    signature = r"    (\[\[nodiscard\]\] |explicit )?(const )?(detail::\w+&? \w+\(|[A-Z]\w+\([^()]*\bdetail::)"
    return bool(re.match(signature, line)) and line.endswith((";", "}"))


def without_explanations(lines):
    """Leaves out the overloads that fail to compile with a first line that names the cure: nobody calls them."""
    kept, comment, hidden, follows = [], [], None, False
    for line in lines:
        follows = follows and bool(line.strip()) and not re.match(r"\s*(//|\}|#)", line)  # the comment is for it, too
        if hidden is None and re.match(r"\s*// ", line):
            comment.append(line)
            continue
        said = " ".join(text.strip(" /") for text in comment)
        if hidden is None and (follows or re.search(r"\bfails? to\s+compile", said)):
            hidden = ""
        elif hidden is None:
            kept += comment + [line]
        comment = []
        if hidden is not None:  # until the end of its body, or of its declaration where it has none
            hidden += line
            if hidden.count("{") == hidden.count("}") and hidden.count("(") == hidden.count(")") and line.endswith((";", "}")):
                hidden, follows = None, True
    return kept + comment


def for_doxygen(header):
    """Returns a door as Doxygen understands it: declarations and their comments, in the group of its room."""
    lines = without_guides(without_explanations(without_detail(without_definitions(read(header).splitlines()))))
    out, comment, indent = [], [], ""
    shared, shared_name = [], None  # the comment of the declarations right above, which may be for several overloads
    for at, line in enumerate(lines):
        if found := re.match(r"(\s*)///(?!<) ?(.*)", line):
            indent, text = found.groups()
            comment.append(text)
            continue
        if not comment and is_machinery(line):
            continue
        name = declared_name(lines[at : at + 3])
        if comment:
            shared, shared_name = [f"{indent}/// {text}".rstrip() for text in with_sections(comment)], name
            out += shared
            comment = []
        elif not line.strip():
            shared, shared_name = [], None
        elif name and name == shared_name and out[-1].rstrip().endswith((";", "}")):
            out += shared
        if re.match(r"\s+(\w+)\((const )?\1 ?&&?( \w+)?\)|.*\boperator=\((const )?\w+ ?&", line) and not out[-1].strip().startswith("///"):
            out.append("    /// Copies or moves, as usual.")
        # What a template asks of a type is in its comment; the names behind the doors say nothing to a reader.
        if re.match(r"\s*requires detail::[\w:<>, ]+$", line):
            continue
        if re.match(r"\s*(template <|class \w+ = typename )", line):
            line = re.sub(r"\bdetail::\w+ (?=\w+[,>])", "class ", line)
            line = re.sub(r" = (typename )?detail::\w+(<[\w:]*>)?(::\w+)*(?=[,>])", "", line)
        line = re.sub(r"^namespace curtail::inline v0 \{", "namespace curtail {", line)
        line = re.sub(r"^CURTAIL_INLINE |\bCURTAIL_(ALWAYS_INLINE|NOINLINE|FLATTEN)\b", "", line)
        out.append(line)
    room = header.relative_to(INCLUDE / "curtail").parts[0]
    purpose = next(line[3:] for line in lines if line.startswith("// ") and "SPDX" not in line)
    head = [f"/// @file", f"/// {purpose}"]
    if room not in ROOMS:
        return "\n".join(head + out) + "\n"
    text = "\n".join(out)
    text = text.replace("namespace curtail {\n", f"namespace curtail {{\n/// @addtogroup {room}\n/// @{{\n", 1)
    at = text.rfind("}  // namespace curtail")
    if at >= 0:
        text = text[:at] + "/// @}\n" + text[at:]
    return "\n".join(head) + "\n" + text + "\n"


# ---- the pages made from headers


def comment_text(lines):
    return re.sub(r"\s+", " ", " ".join(lines)).strip()


def options():
    """Returns (name, what it is for, its fields); a field is (type, name, default, comment)."""
    found = []
    for header in doors():
        lines = read(header).splitlines()
        for at, line in enumerate(lines):
            if named := re.match(r"struct (\w+Options|CsvDialect|SizeGuard) \{", line):
                purpose = at
                while lines[purpose - 1].startswith("///"):
                    purpose -= 1
                about = [text[4:] for text in lines[purpose:at]]
                about = about[: next((i for i, text in enumerate(about) if not text or text.startswith("@")), len(about))]
                found.append((named[1], header, comment_text(about), list(fields(lines[at + 1 :]))))
    return found


def fields(lines):
    comment, statement = [], ""
    for line in lines:
        if line in ("};", "  private:"):
            return
        if not statement and line.startswith(" " * 5):  # inside a function
            continue
        line = line.strip()
        if line.startswith("///"):
            comment.append(line[4:])
        elif not statement and not re.match(r"[\w:<>, ()&*]+ \w+( =.*|\{.*|;)$", line):
            comment = []
        elif line:
            statement += " " + line
            if not line.endswith(";"):
                continue
            # Without a body it is a field; a function has parentheses before any default.
            if field := re.match(r" ([\w:<>, ()&*]+?) (\w+)(?: = (.+)|(\{.*\}))?;$", statement):
                if "(" not in field[1] or field[1].startswith("std::function"):
                    yield field[1], field[2], field[3] or field[4] or "", comment_text(comment)
            comment, statement = [], ""


def default_said(text):
    said = re.search(r"Default: (.+?)(?:[.;:](?:\s|$)|$)", text)
    return said[1] if said else None


def check_default(name, field, default, text):
    """The words behind "Default:" and the initialiser must agree, where the latter is a number or a truth value."""
    said = default_said(text)
    if said is None:
        problems.append(f"{name}::{field}: the comment does not say its default")
        return
    literal = default.replace("'", "").rstrip("uU")
    if literal in ("true", "false"):
        agree = said.split(" ")[0].rstrip(",") == literal
    elif re.fullmatch(r"-?\d+(\.\d+)?", literal):
        agree = re.sub(r"[,']", "", re.split(r"[ ;]", re.search(r"Default: (.*)", text)[1])[0]).rstrip(".,:") == literal
    else:
        return
    if not agree:
        problems.append(f"{name}::{field}: the default is {default}, and the comment says {said}")


def options_page():
    page = [read(HERE / "options.md")]
    all_options = options()
    if len(all_options) < 10 or sum(len(each[3]) for each in all_options) < 40:
        problems.append("fewer options were found than there are: the headers are no longer read as they are written")
    for name, header, about, members in all_options:
        page += [f"## {name} {{#options_{name}}}", "", f"curtail::{name}, in `<{header.relative_to(INCLUDE)}>`: {about}", ""]
        page += ["| option | type | default | meaning |", "|---|---|---|---|"]
        for kind, field, default, text in members:
            if "Default:" not in about:  # said once for all fields
                check_default(name, field, default, text)
            shown = as_code(default) if default not in ("{}", "") and len(default) <= 40 else default_said(text)
            cells = [as_code(field), as_code(kind), shown or "", escaped(text)]
            page.append("| " + " | ".join(cell.replace("|", "&#124;") for cell in cells) + " |")
        page.append("")
    return "\n".join(page)


def error_codes():
    """Returns {code: (cause, classes, permanent)}."""
    header = read(INCLUDE / "curtail/core/error.hpp")
    enumeration = re.search(r"enum class ErrorCode[^{]*\{(.*?)\n\};", header, re.S)[1]
    causes = {}
    for name, cause in re.findall(r"^ {4}(\w+),\s*///< (.*(?:\n\s+///< .*)*)", enumeration, re.M):
        causes[name] = re.sub(r"\s*\n\s*///< ", " ", cause)
    for name in re.findall(r"^ {4}(\w+),", enumeration, re.M):
        if name not in causes:
            problems.append(f"ErrorCode::{name} has no comment that says its cause")
    passing = re.search(r"bool permanent\(\) const noexcept \{(.*?)default:", header, re.S)[1]
    passing = set(re.findall(r"ErrorCode::(\w+)", passing))
    classes = {name: set() for name in causes}
    own = {}
    for path in INCLUDE.rglob("*.hpp"):
        text = read(path)
        for kind, code in re.findall(r"\b(\w+Error)\(\s*ErrorCode::(\w+)", text):
            if kind != "Error":
                classes.setdefault(code, set()).add(kind)
        # Where an errno decides on the code, the doors' comments say the class.
        for kind, listed in re.findall(r"(\w+Error) \(([a-z_]+(?:,\s[/\s]*[a-z_]+|\sor\s[/\s]*[a-z_]+)*)\)", text):
            for code in re.findall(r"[a-z_]{3,}", listed):
                classes.setdefault(code, set()).add(kind)
        for kind, code in re.findall(r"(\w+)::\1\([^{;]*?\)\s*: \w*Error\(\s*ErrorCode::(\w+)", text):
            own.setdefault(code, set()).add(kind)
    classes.update(own)  # a class for one code alone is the one to catch
    return {name: (causes[name], sorted(classes[name]), name not in passing) for name in causes}


def errors_page():
    text = read(HERE / "errors.md")
    codes = error_codes()
    if len(codes) < 15:
        problems.append("fewer codes were found than there are: core/error.hpp is no longer read as it is written")
    written = re.findall(r"^## (\w+)$", text, re.M)
    for name in sorted(codes.keys() - set(written)):
        problems.append(f"errors.md: there is no cure for {name}")
    # What is written of a code that is gone is left out.
    text = re.sub(r"^## (\w+)\n.*?(?=^## |\Z)", lambda match: match[0] if match[1] in codes else "", text, flags=re.M | re.S)

    def section(match):
        name = match[1]
        cause, classes, permanent = codes[name]
        classes = ", ".join("curtail::" + each for each in classes) or "curtail::Error"
        last = "permanent" if permanent else "can go away"
        return f"## {name} {{#error_{name}}}\n\n**Cause:** {cause} ({classes}; {last})\n\n**Cure:** "

    return re.sub(r"^## (\w+)\n", section, text, flags=re.M)


def check_wire_format():
    """Each key that is written, in a message or by an example's conversation, is on the page."""
    page = read(HERE / "wire_format.md")
    keys = set()
    for path in (INCLUDE / "curtail/payload").rglob("*.hpp"):
        keys |= set(re.findall(r"\bkey\(Key::(\w+)\)", read(path)))
    if len(keys) < 40:
        problems.append("fewer keys were found than there are: the wire format is no longer read as it is written")
    for key in sorted(keys):
        if not re.search(rf"[`{{\[ ,(]{key}[`}},\] ]", page):
            problems.append(f"wire_format.md: there is no key {key}, which is written")
    told = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| ([^|]+) \|", page.split("## data")[1].split("\n## ")[0], re.M)))
    source = read(INCLUDE / "curtail/payload/message/wire_format.hpp")
    order = re.sub(r"\.(open|key)\([^\n]*Key::(row|column|bytes|prediction)\)[^\n]*", "", source.split("void write_data(")[-1].split("\n}\n")[0])
    order = [key for key in re.findall(r"key\(Key::(\w+)\)", order) if key in told]
    if len(order) < 20 or [key for key in told if key in order] != order:
        problems.append(f"wire_format.md: the keys of data are written in another order: {order}")


def rooms_page():
    """The groups, with what the map of the house says of each."""
    house = read(INCLUDE / "curtail/README.md")
    page = []
    for room in ROOMS:
        job = re.search(rf"^\| `{room}/` \| ([^|]+) \|", house, re.M)[1].strip()
        page += [f"/// @defgroup {room} {room}/", f"/// {job[0].upper()}{job[1:]}.", ""]
    page += ["/// All that a user names.", "namespace curtail {}", ""]
    return "\n".join(page)


# ---- what Doxygen does not ask


def text_of(element):
    return " ".join(element.itertext()) if element is not None else ""


def documentation(member):
    return text_of(member.find("briefdescription")) + " " + text_of(member.find("detaileddescription"))


def thrown_by(member):
    """Returns the classes that the body of a function throws by name: in the class, or where the door defines it."""
    location = member.find("location")
    copy = Path(location.get("file"))
    name = member.findtext("name")
    door = read(INCLUDE / copy)
    bodies = []
    if location.get("bodyend", "-1") != "-1":
        lines = copies[str(copy)][int(location.get("bodystart")) - 1 : int(location.get("bodyend"))]
        bodies.append("\n".join(lines))
    scope = re.sub(r"<.*>", "", member.findtext("qualifiedname") or name).removeprefix("curtail::")
    out_of_line = re.search(rf"^CURTAIL_INLINE [^\n]*\b{re.escape(scope)}\([^;]*?\{{\n(.*?)^\}}", door, re.M | re.S)
    bodies += [out_of_line[1]] if out_of_line else []
    return {kind for body in bodies for kind in re.findall(r"\bthrow (?:curtail::)?([A-Z]\w+)\(", body)}


def explains_itself(parameter, documented):
    """Returns true if the type of a parameter is a class or an enumeration of the doors, with a comment of its own."""
    return any(name in documented for name in re.findall(r"\b[A-Z]\w+", text_of(parameter.find("type"))))


def is_public(compound):
    return compound.get("prot", "public") == "public" and "detail" not in compound.findtext("compoundname")


def check_members(out):
    """Each parameter of a function is named in its comment, or in that of an overload, or is what another function
    of the class returns, or its type is a class of the doors that has a comment. "The same" and "does the same" refer to the comment before. Each class that a function throws by
    name is named in its comment, or in that of its class."""
    compounds = [c for path in sorted((out / "xml").glob("*.xml")) for c in ElementTree.parse(path).iter("compounddef")]
    private = {c.get("id") for c in compounds if not is_public(c)}
    documented = {c.findtext("compoundname").split("::")[-1] for c in compounds if c.get("kind") in ("class", "struct")}
    documented |= {m.findtext("name") for c in compounds for m in c.iter("memberdef") if m.get("kind") == "enum"}
    for door in doors():
        for kind, name in re.findall(r"^(class|struct|concept) ([A-Z]\w+)(?= [:{=]|;$)", "\n".join(copies[str(door.relative_to(INCLUDE))]), re.M):
            if name not in {c.findtext("compoundname").split("::")[-1].split("<")[0].strip() for c in compounds}:
                problems.append(f"{door.relative_to(ROOT)}: Doxygen does not see the {kind} {name}")
    functions = 0
    for compound in compounds:
        scope = compound.findtext("compoundname")
        if compound.get("kind") not in ("class", "struct", "group") or not is_public(compound):
            continue
        if any(compound.get("id").startswith(outer) for outer in private):
            continue
        members = [m for m in compound.iter("memberdef") if m.get("kind") == "function" and m.get("prot") == "public"]
        names = {m.findtext("name") for m in members if not m.findall("param")}
        before = ""
        for member in members:
            name, arguments = member.findtext("name"), member.findtext("argsstring") or ""
            own = documentation(member)
            text = own + " " + " ".join(documentation(m) for m in members if m.findtext("name") == name)
            if re.search(r"\bthe same\b", own, re.I):
                text += before
            before = text
            if re.search(r"=\s*(default|delete)\b|\bdetail::", arguments) or name.startswith(("~", "operator=")):
                continue
            functions += 1
            where = f"{scope if compound.get('kind') != 'group' else 'curtail'}::{name}{arguments}"
            for parameter in member.findall("param"):
                said = parameter.findtext("declname")
                if said in names:  # a function returns it, and has a comment
                    continue
                if said and not re.search(rf"\b{re.escape(said)}\b", text) and not explains_itself(parameter, documented):
                    problems.append(f"{where}: nothing is said of the parameter {said}")
            for thrown in sorted(thrown_by(member)):
                if not re.search(rf"\b{thrown}\b", text + documentation(compound)):
                    problems.append(f"{where}: throws {thrown}, and does not say so")
    if functions < 100:
        problems.append(f"only {functions} functions were found: nothing was tested")


# ---- all of it


def write_inputs(out):
    for folder in ("src", "pages", "html", "xml"):
        shutil.rmtree(out / folder, ignore_errors=True)
    for header in doors():
        copy = out / "src" / header.relative_to(INCLUDE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = for_doxygen(header)
        copies[str(header.relative_to(INCLUDE))] = text.split("\n")
        copy.write_text(text, encoding="utf-8")
    pages = out / "pages"
    pages.mkdir()
    (pages / "rooms.dox").write_text(rooms_page(), encoding="utf-8")
    (pages / "options.md").write_text(options_page(), encoding="utf-8")
    (pages / "errors.md").write_text(errors_page(), encoding="utf-8")
    for name in ("main.md", "wire_format.md", "csv_bytes.md"):
        shutil.copy(HERE / name, pages / name)


def run_doxygen(out, doxygen):
    settings = read(HERE / "Doxyfile") + f"""
PROJECT_NUMBER       = {version()}
OUTPUT_DIRECTORY     = "{out}"
INPUT                = "{out}/pages" "{out}/src"
FILE_PATTERNS        = *.hpp *.md *.dox
RECURSIVE            = YES
STRIP_FROM_PATH      = "{out}/src"
STRIP_FROM_INC_PATH  = "{out}/src"
USE_MDFILE_AS_MAINPAGE = "{out}/pages/main.md"
"""
    done = subprocess.run([doxygen, "-"], input=settings, text=True, capture_output=True)
    if done.returncode != 0:
        problems.append(f"doxygen:\n{done.stderr.strip()}".replace(f"{out}/src/", "include/"))


def main():
    out = Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    write_inputs(out)
    check_wire_format()
    run_doxygen(out, sys.argv[2] if len(sys.argv) > 2 else "doxygen")
    check_members(out)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        sys.exit(1)
    print(out / "html" / "index.html")


if __name__ == "__main__":
    main()
