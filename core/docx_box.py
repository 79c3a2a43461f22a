"""A text box of Word that floats at the foot of the text area, for 版记 (``core.docx_layout``)."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
# A floating table or a frame of paragraphs as wide as the text stands within the text in LibreOffice.
_BOX = """
<mc:AlternateContent {names} xmlns:mc="{compatibility}"><mc:Choice Requires="wps" xmlns:wps="{shape}"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>center</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:wrapTopAndBottom/><wp:docPr id="900" name="版记"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="{shape}"><wps:wsp><wps:cNvSpPr txBox="1"/>
<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>
"""


def foot_box(width: int, height: int) -> BaseOxmlElement:
    """The box without lines or inner margins, its ``w:txbxContent`` empty; text goes around it above. Sizes in EMU."""
    names = nsdecls("w", "wp", "a")
    xml = _BOX.format(names=names, compatibility=_COMPATIBILITY, shape=_SHAPE, width=width, height=height)
    return parse_xml("".join(xml.splitlines()))
