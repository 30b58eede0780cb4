"""A home's tag held to a telephone: the card, what it says, and what became of the tap."""

from homecare.kernel.sealing import Sealer
from simulators.nfc_card.ntag424 import Ntag424, make_sun_card
from tests.realtime.agency import Agency
from tests.tags import make_sun_tag

# What a browser with Web NFC tells a page of the tag that is held to the phone.
WEB_NFC = """address => {
    window.NDEFReader = class extends EventTarget {
        async scan() {
            const data = new DataView(new TextEncoder().encode(address).buffer);
            const reading = new Event("reading");
            reading.message = { records: [{ recordType: "url", data }] };
            window.setTimeout(() => this.dispatchEvent(reading), 50);
        }
    };
}"""


def stick_card(agency: Agency) -> Ntag424:
    """Stick a tag at the home, enrolled."""
    sealer, now = Sealer(agency.settings.tag_key), agency.now()
    with agency.connect() as conn:
        tag = make_sun_tag(conn, agency.home.home, now=now, number=0xBB0000 + agency.home.home, sealer=sealer)
    address = f"{agency.settings.front_url}/t/{tag.token}"
    return make_sun_card(tag.uid, address, meta_key=tag.keys.meta, file_key=tag.keys.file, counter=9)


def read_address(card: Ntag424) -> str:
    """Read the card as a telephone does; return the address that it opens."""
    card.apdu(bytes.fromhex("00A4040007D276000085010100"))
    card.apdu(bytes.fromhex("00A4000C02E104"))
    length = card.apdu(bytes.fromhex("00B0000002"))[1]
    message = card.apdu(bytes([0, 0xB0, 0, 2, length]))[:-2]
    return {3: "http://", 4: "https://"}[message[4]] + message[5:].decode()


def grades(agency: Agency) -> list[str]:
    with agency.connect() as conn:
        return [grade for (grade,) in conn.execute("SELECT proof FROM punches ORDER BY punched_at")]


def refusals(agency: Agency) -> list[str]:
    with agency.connect() as conn:
        return [status for (status,) in conn.execute("SELECT status FROM punch_refusals ORDER BY id")]
