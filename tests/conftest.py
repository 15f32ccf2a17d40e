"""What the core suite shares: the shipped assistant, the same article without side files, and a made-up article."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).resolve().parent.parent

# Nothing that runs here, and nothing it starts, may reach another machine; `quiet/sitecustomize.py` notes who tries.
QUIET = str(Path(__file__).parent / "quiet")
if "TESTS_QUIET_LOG" not in os.environ:
    os.environ["TESTS_QUIET_LOG"] = str(Path(tempfile.gettempdir()) / f"quiet-{os.getpid()}.log")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (QUIET, os.environ.get("PYTHONPATH"))))
    sys.path.insert(0, QUIET)
    import sitecustomize  # noqa: F401


def pytest_sessionfinish(session):
    """Fail the whole run when another machine was sought."""
    log = Path(os.environ["TESTS_QUIET_LOG"])
    tried = log.read_text(encoding="utf-8") if log.is_file() else ""
    log.unlink(missing_ok=True)
    if tried:
        sys.stderr.write(f"these sought another machine:\n{tried}")
        session.exitstatus = 1


MADE_UP = """เทศบาลเมืองพิมายเปิดสะพานคนเดินใหม่ หวังลดอุบัติเหตุหน้าโรงเรียน

ชาวพิมายได้ใช้สะพานลอยแห่งใหม่แล้ว หลังรอมานานกว่าสองปี

เมื่อวันที่ 12 มกราคม 2566 นายสมหวัง ทองสุก ประธานสภาเมืองพิมาย เป็นประธานเปิดสะพานคนเดิน ที่จังหวัดนครราชสีมา \
โดยมี นางสาวจันทร์เพ็ญ ใจเย็น ผู้อำนวยการโรงเรียนพิมายวิทยา ร่วมพิธี เนื่องจากปีที่ผ่านมามีนักเรียนถูกรถชนหน้าโรงเรียน 14 คน

ภาพ: พิธีเปิดสะพานคนเดินหน้าโรงเรียน

โครงการนี้ใช้งบประมาณ 3.5 ล้านบาท แบ่งงานเป็น 3 ส่วน คือ 1. การก่อสร้างตัวสะพาน 2. การติดตั้งไฟส่องสว่าง 3. การปรับปรุงทางเท้า

"สะพานแห่งนี้จะช่วยให้เด็กทุกคนกลับบ้านอย่างปลอดภัย" นายสมหวัง กล่าว

ผู้อำนวยการโรงเรียนขอให้นักเรียนปฏิบัติดังนี้
1. ข้ามถนนบนสะพานเท่านั้น
2. ไม่วิ่งเล่นบนสะพาน
3. แจ้งครูเมื่อพบไฟเสีย

ที่มา: ข่าวพิมาย
"""


@pytest.fixture(scope="session")
def shipped() -> Path:
    """Return the file of the shipped article."""
    return ROOT / "index" / "articles" / "thai-vietnam-meeting" / "article.txt"


@pytest.fixture(scope="session")
def bot():
    from assistant import Assistant

    return Assistant()


@pytest.fixture(scope="session")
def article(bot):
    return bot.article


@pytest.fixture(scope="session")
def bare(shipped, tmp_path_factory):
    """Return an assistant for the shipped article with translation, glossary and provenance removed."""
    from assistant import Assistant

    copy = tmp_path_factory.mktemp("bare") / "article.txt"
    shutil.copyfile(shipped, copy)
    return Assistant.from_file(copy)


@pytest.fixture(scope="session")
def made_up() -> str:
    return MADE_UP


@pytest.fixture(scope="session")
def village(made_up):
    """Return an assistant for the made-up article."""
    from assistant import Assistant

    return Assistant.from_text(made_up)


NEWS_ITEMS = {
    "rice": (
        "ชาวนาเชียงใหม่เก็บเกี่ยวข้าวหอมมะลิ",
        "เมื่อวันที่ 3 ธันวาคม 2566 นายสมชาย ใจดี ประธานสหกรณ์ชาวนา กล่าวว่า ปีนี้ขายข้าวได้ 14,000 ตัน",
        "ข่าวเกษตร",
        "4 ธันวาคม 2566",
    ),
    "football": (
        "ทีมฟุตบอลหญิงไทยคว้าแชมป์ที่ชลบุรี",
        "นางสาวมาลี แก้วใส กัปตันทีม ยิงประตูชัยนาทีสุดท้าย ต่อหน้าผู้ชม 5,200 คน",
        "ข่าวกีฬา",
        "9 มีนาคม 2567",
    ),
    "flood": (
        "น้ำท่วมเมืองน่าน อพยพ 12 หมู่บ้าน",
        "นายวิชัย มั่นคง ผู้ว่าราชการจังหวัดน่าน เปิดศูนย์พักพิงที่โรงเรียนสตรีศรีน่าน",
        "ข่าวเหนือ",
        "20 สิงหาคม 2567",
    ),
    "train": (
        "รถไฟสายใหม่ไปหนองคายเปิดเดินรถ",
        "การรถไฟแห่งประเทศไทยเปิดเดินรถเที่ยวแรก มีผู้โดยสาร 830 คน ใช้เวลา 9 ชั่วโมง",
        "ข่าวเดินทาง",
        "1 กรกฎาคม 2567",
    ),
    "museum": (
        "พิพิธภัณฑ์เรือเปิดที่สงขลา",
        "นางอรทัย ทะเลงาม ผู้อำนวยการพิพิธภัณฑ์ กล่าวว่า มีเรือโบราณจัดแสดง 27 ลำ",
        "ข่าวใต้",
        "15 พฤศจิกายน 2567",
    ),
    "dust": (
        "ฝุ่นละอองในลำปางเกินมาตรฐาน",
        "กรมควบคุมมลพิษเตือนประชาชนสวมหน้ากาก หลังวัดค่าฝุ่นได้ 142 ไมโครกรัม",
        "ข่าวเหนือ",
        "2 กุมภาพันธ์ 2567",
    ),
}
NEWS = {
    name: f"{head}\n\n{body}\n\nที่มา: {publisher}\nเผยแพร่เมื่อ {day}\n"
    for name, (head, body, publisher, day) in NEWS_ITEMS.items()
}


def put(folder, news=NEWS):
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in news.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def standing(tmp_path_factory):
    """Return an archive that no test changes, beside the files it was made from."""
    folder = tmp_path_factory.mktemp("standing")
    from assistant.archive import build_archive

    build_archive(folder / "archive", [put(folder / "news")])
    return folder / "archive"


@pytest.fixture
def archive(standing, tmp_path):
    """Return a copy of it, with its files."""
    shutil.copytree(standing.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "archive"


@pytest.fixture
def news(archive):
    return archive.parent / "news"
