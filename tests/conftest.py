"""What the core suite shares: the shipped assistant, the same article without side files, and a made-up article."""

import os
import shutil
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).resolve().parent.parent

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
