"""Programs that read the API, printed on its page and run by the tests."""

from dataclasses import dataclass

from assessments.errors import N_


@dataclass(frozen=True)
class Sample:
    """One program: its name, what it does, its text; {site} stands for the address of the site."""

    name: str
    title: str
    text: str


CURL = """\
curl --fail --silent "{site}/api/v1/products?status=active&limit=5"
"""

PYTHON = '''\
"""Every product with a certificate in force, page by page."""

import json
from urllib.request import urlopen

address = "{site}/api/v1/products?status=active&limit=100"
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    for product in page["items"]:
        print(product["certificate"]["number"], product["name"]["vi"])
    address = page["next"]
'''

EVENTS = '''\
"""What has happened since the last time. The cursor is kept in a file."""

import json
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

kept = Path("cursor.txt")
cursor = kept.read_text() if kept.exists() else ""
while True:
    query = urlencode({"limit": 100, **({"cursor": cursor} if cursor else {})})
    with urlopen("{site}/api/v1/events?" + query) as answer:
        page = json.load(answer)
    for event in page["items"]:
        print(event["at"], event["kind"], event["certificate"] or event["edition"])
    cursor = page["cursor"]
    kept.write_text(cursor)
    if page["next"] is None:
        break
'''

JAVASCRIPT = """\
async function products() {
  const found = [];
  let address = "{site}/api/v1/products?status=active&limit=100";
  while (address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const page = await answer.json();
    found.push(...page.items);
    address = page.next;
  }
  return found;
}

products().then((found) => console.log(found.length));
"""

SAMPLES = (
    Sample("curl", N_("Năm sản phẩm đầu, bằng curl"), CURL),
    Sample("python", N_("Mọi sản phẩm có %(certificate)s còn hiệu lực, bằng Python"), PYTHON),
    Sample("events", N_("Những việc mới từ lần hỏi trước, bằng Python"), EVENTS),
    Sample("javascript", N_("Mọi sản phẩm, bằng JavaScript trong trình duyệt"), JAVASCRIPT),
)
