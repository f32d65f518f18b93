"""Folders with somebody's own tables, as tests write them."""

from __future__ import annotations

from pathlib import Path

PEOPLE = """id,group,place,household,age_band,role,weight,starting_trust
1,Black,North,a,25-64,resident,1,-0.5
2,Black,North,a,0-11,resident,1,-0.5
3,White,North,b,65+,resident,1,0.2
4,White,South,c,25-64,officer,1,1.0
5,Blue,South,d,18-24,resident,1,0
9,White,Elsewhere,z,25-64,resident,400,0.1
"""
TIES = """source,target,layer
1,3,friend
3,1,friend
3,5,acquaintance
5,1,acquaintance
9,1,follow
5,1,follow
1,9,follow
"""
EVENTS = """day,place,race,kind,hour
1,North,Black,traffic,12
365,South,Unknown,walk,0
"""
PLACES = """place,latitude,longitude,share Black,share White,share Blue
North,45.1,-93.1,0.66,0.34,0
South,45.0,-93.2,0,0.5,0.5
"""


def write_folder(folder: Path, **tables: str | bytes | None) -> Path:
    """The example above with some tables replaced; None leaves one out."""
    content = {"people": PEOPLE, "ties": TIES, "events": EVENTS, "places": PLACES} | tables
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        if text is not None:
            (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
