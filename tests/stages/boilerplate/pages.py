"""Pages written for the tests, with menus and rankings around an article."""

from __future__ import annotations

TITLE = "晨星科技上半年轉虧為盈 第四季再擴產"
BYLINE = "海陸財經網記者林小滿 台北2025-08-20 18:05"
MENU = ["首頁", "新聞", "台股", "美股", "基金", "外匯", "房產", "理財", "訂閱"]
PARAGRAPHS = [
    "受原材料價格回落帶動，晨星科技毛利率明顯改善，管理層在法說會上說，將繼續擴建位於苗栗的第二條產線，並視訂單情況決定是否在海外設廠。",
    "分析師注意到，產業競爭仍然激烈，幾家主要對手都在降價，公司能否守住市占率，要看新產品在下一季的交付進度，以及通路庫存去化的速度。",
]
TABLE = ["近5日籌碼", "外資買賣超：+513 張", "投信買賣超：0 張", "自營商買賣超：-21 張"]
AFTER = [
    "文章標籤", "晨星科技半導體更多", "相關行情", "晨星科技203+0.50%", "海陸電子96.4-1.20%",
    "延伸閱讀", "〈台股盤後〉電子股領軍 加權指數收紅", "海陸電子第三季營收創同期新高",
    "上一篇", "散裝航運淡季來臨 指數失守整數關卡", "下一篇", "航空公司加開春節班機",
    "人氣排行", "看更多", "1.", "央行理監事會登場 房市管制不鬆手", "2.", "面板報價止跌 法人看好第四季",
    "3.", "存股族最愛標的換人當 金融股退位",
]


def page(
    title: str = TITLE, body: list[str] | None = None, after: list[str] | None = None,
    menu: list[str] | None = None,
) -> str:
    lines = [*(MENU if menu is None else menu), title, BYLINE]
    return "\n".join([*lines, *(PARAGRAPHS if body is None else body), *(AFTER if after is None else after)])
