"""Names of units: the type before the name, and the English form."""

ENGLISH_TYPES = {
    "Thành phố": "City",
    "Tỉnh": "Province",
    "Quận": "District",
    "Huyện": "District",
    "Thị xã": "Town",
    "Thị trấn": "Township",
    "Phường": "Ward",
    "Xã": "Commune",
    "Đặc khu": "Special Zone",
}
VILLAGE_TYPES = (
    "Thôn",
    "Bản",
    "Buôn",
    "Bon",
    "Làng",
    "Xóm",
    "Ấp",
    "Khóm",
    "Phum",
    "Sóc",
    "Tổ dân phố",
    "Khu phố",
    "Tiểu khu",
    "Khu",
    "Tổ",
)
TYPES = tuple(sorted((*ENGLISH_TYPES, *VILLAGE_TYPES), key=len, reverse=True))


def split_type(name: str) -> tuple[str, str]:
    """`split_type("Phường Cao Xanh") == ("Phường", "Cao Xanh")`; without a type: `("", name)`."""
    for type_name in TYPES:
        if name.lower().startswith(f"{type_name.lower()} "):
            return type_name, name[len(type_name) + 1 :].strip()
    return "", name


def in_english(type_name: str, short_name: str) -> str:
    """`Cao Xanh Ward`; types of villages have no settled English word, so they stay as they are."""
    if type_name in ENGLISH_TYPES:
        return f"{short_name} {ENGLISH_TYPES[type_name]}"
    return f"{type_name} {short_name}".strip()
