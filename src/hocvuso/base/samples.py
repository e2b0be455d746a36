"""Invented material for the style page: every element of a phone screen, every kind of field."""

from typing import Any

from django import forms

Screen = dict[str, Any]

BANK: Screen = {
    "alt": "Màn hình ứng dụng ngân hàng, nút Quét mã QR ở giữa hàng trên",
    "items": [
        {"bar": {"title": "Ngân hàng Lúa Vàng", "icon": "bell"}},
        {"text": "Xin chào, Nguyễn Thị Mẫu"},
        {
            "icons": [
                {"icon": "money", "label": "Chuyển tiền"},
                {"icon": "qr", "label": "Quét mã QR", "mark": 1},
                {"icon": "phone", "label": "Nạp điện thoại"},
                {"icon": "document", "label": "Hóa đơn"},
                {"icon": "card", "label": "Thẻ"},
                {"icon": "help", "label": "Trợ giúp"},
            ]
        },
        {"small": "Số dư đang được che"},
        {"notification": {"app": "Lúa Vàng", "text": "Đã nhận 50.000 đồng"}},
    ],
}
PAY: Screen = {
    "alt": "Màn hình xác nhận trả tiền: tên người nhận, số tiền và nút Xác nhận",
    "items": [
        {"bar": {"title": "Xác nhận trả tiền", "back": True}},
        {"qr": {"label": "Mã của cửa hàng rau Cô Hạnh"}},
        {"field": {"label": "Người nhận", "value": "TRẦN THỊ HẠNH", "mark": 1}},
        {"field": {"label": "Số tiền", "placeholder": "Nhập số tiền", "mark": 2}},
        {"button": {"label": "Xác nhận", "mark": 3}},
        {"button": {"label": "Hủy", "kind": "plain"}},
    ],
}
SETTINGS: Screen = {
    "alt": "Màn hình Cài đặt với danh sách mạng Wi-Fi",
    "items": [
        {"bar": {"title": "Wi-Fi", "back": True, "icon": "search"}},
        {"toggle": {"label": "Bật Wi-Fi", "on": True, "mark": 1}},
        {"toggle": {"label": "Chế độ máy bay", "on": False}},
        {
            "list": [
                {"label": "Nhà văn hóa thôn 3", "note": "Đã kết nối", "icon": "wifi", "chosen": True},
                {"label": "Quán cà phê Gió", "note": "Có khóa", "icon": "lock", "mark": 2},
                {"label": "Trạm y tế", "icon": "wifi"},
            ]
        },
        {"picture": {"label": "Ảnh bác chụp hôm qua"}},
        {"notice": {"kind": "ok", "text": "Đã nối mạng"}},
    ],
}
SCAM: Screen = {
    "alt": "Cuộc gọi từ số lạ tự xưng là công an, có nút Từ chối",
    "items": [
        {"call": {"name": "Số lạ", "number": "0900 000 000", "mark": 1}},
        {"bubble": {"from": "them", "text": "Bác đọc mã OTP cho cháu nhé"}},
        {"bubble": {"from": "me", "text": "Tôi không đọc mã cho ai", "mark": 2}},
        {"notice": {"kind": "warn", "text": "Số này bị nhiều người báo"}},
        {
            "dialog": {
                "title": "Chặn số này?",
                "text": "Số này sẽ không gọi cho bác được nữa.",
                "buttons": [
                    {"label": "Để sau", "kind": "plain"},
                    {"label": "Chặn", "kind": "danger", "mark": 3},
                ],
            }
        },
    ],
}
PIN: Screen = {
    "alt": "Màn hình nhập mã khóa sáu số, đã nhập ba số",
    "items": [
        {"big": "Nhập mã khóa"},
        {"pin": {"filled": 3, "of": 6}},
        {"keypad": {"mark": 1}},
        {"notice": {"kind": "bad", "text": "Sai mã. Còn 4 lần"}},
    ],
}
SCREENS = (BANK, PAY, SETTINGS, SCAM, PIN)

TABLE = (
    {"place": "Thôn Xuân Lập", "learners": 142, "tested": 88, "state": "ok"},
    {"place": "Thôn Hương Nhượng", "learners": 96, "tested": 41, "state": "mind"},
    {"place": "Thôn Ngọc Lạp", "learners": None, "tested": None, "state": "missing"},
)


class SampleForm(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Viết như trên căn cước.")
    phone = forms.RegexField(
        r"^0\d{9}$",
        label="Số điện thoại",
        required=False,
        error_messages={"invalid": "Số điện thoại có 10 chữ số và bắt đầu bằng 0."},
    )
    village = forms.ChoiceField(
        label="Thôn, tổ dân phố", choices=[("1", "Thôn Xuân Lập"), ("2", "Thôn Ngọc Lạp")]
    )
    audience = forms.ChoiceField(
        label="Bác là",
        choices=[("citizen", "Người dân"), ("worker", "Người lao động"), ("official", "Cán bộ, công chức")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agrees = forms.BooleanField(label="Tôi đồng ý để thôn ghi lại việc học của tôi")
