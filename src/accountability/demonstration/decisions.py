"""What every decision of the committee says: who voted, on what grounds, and where one may appeal."""

from __future__ import annotations

from typing import Any

from accountability.demonstration.stage import Stage

VOTES = {"entitled": 9, "present": 8, "votes_for": 7, "votes_against": 0, "abstained": 1}
APPEAL = {"appeal_route": "可向作出决定的机关申请复审", "appeal_limit": "自收到决定之日起三十日内"}
PAPERS = ("decision", "minutes")
EVERYWHERE = ["unit_head", "unit", "committee", "district", "public"]


def decision(stage: Stage, **more: Any) -> dict[str, Any]:
    """Give what a decision of today says, and what is special about it."""
    body = {"evidence": "卷宗第一至三卷", "deciding_body": "高台县纪委常委会", "decided_on": stage.today()}
    return VOTES | APPEAL | body | more
