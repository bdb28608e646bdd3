#include "tools/landbook/rule_advice.h"

#include <algorithm>
#include <array>

namespace landbook::tools {
namespace {

constexpr RuleAdvice kUnknown = {"", "其他", "other", "按质检结果逐条处理。",
                                 "Deal with each finding by what it says."};

constexpr std::array<RuleAdvice, 28> kAdvice = {{
    {"B101", "界线未闭合或点数不足", "ring open or too few vertices",
     "检查界址点是否缺失，闭合界线后重新提交。",
     "Look for missing boundary points; close the ring and deliver again."},
    {"B102", "坐标无效或在登记簿平面之外", "coordinate not finite or outside the plane",
     "多为坐标系、分带或坐标轴次序错误：核对后用 --source-crs 指明原坐标系。",
     "Mostly a wrong system, zone or axis order: find out which, and name it with --source-crs."},
    {"B103", "界线自相交", "ring crosses itself", "按实地次序重排界址点，去掉交叉。",
     "Put the boundary points into the order they have on the ground."},
    {"B104", "界线自相接或洞的位置不对", "ring touches itself, or a hole is misplaced",
     "拆分相接处；洞须在外环之内，且不得与外环相交。",
     "Separate the ring where it touches; holes lie within their shell and do not cross it."},
    {"B105", "相邻界址点过近", "vertices too close", "核对是否同一界址点重复测量，是则只保留一个。",
     "See whether one point was measured twice; keep one of the two.", true},
    {"B106", "尖角", "spike", "核对尖角处的界址点，去掉误点。",
     "Check the point at the tip and take out a stray one.", true},
    {"B107", "宗地过小", "plot too small", "核对是否碎片；是则并入相邻宗地或删除。",
     "See whether it is a fragment; merge it into its neighbour or leave it out.", true},
    {"B108", "局部过窄", "part too narrow", "核对狭长处的界址点，必要时重测。",
     "Check the points along the narrow part; survey again where needed.", true},
    {"B109", "一宗地多个部分", "several parts in one plot", "各部分分别立宗；承包地块不得多部分。",
     "Make a plot of each part; contracted land has to be one part."},
    {"B110", "申报面积与计算面积不符", "stated area differs from the computed area",
     "核对面积来源；以界址计算的为准，或更正界址。",
     "Find out where the stated area comes from; correct it, or the boundary."},
    {"B111", "界线方向或起点不规范", "orientation or start not canonical",
     "无须处理：入库时保留原次序，比较时已规范化。",
     "Nothing to do: the order delivered is kept, and comparing normalises."},
    {"B201", "宗地重叠", "plots overlap",
     "实地核定共用界线，两宗采用同一组界址点；与登记簿中宗地重叠的，以登记的界线为准或先办理更正。",
     "Settle the common line on the ground and give both plots the same points; against a plot of "
     "the book its registered line stands, unless that is corrected first."},
    {"B202", "宗地相同或互相包含", "same plot twice, or one within the other",
     "删除重复的宗地；确属包含的，从外面的宗地挖去里面的。",
     "Take out the duplicate; where one truly lies within the other, cut a hole for it."},
    {"B203", "相邻宗地的界址点近而不同", "neighbours' vertices nearly equal",
     "核定为同一界址点，两宗采用同一坐标（捕捉须逐宗由人确认）。",
     "Settle them as one point with one coordinate; snapping is accepted plot by plot."},
    {"B204", "界址点在邻宗界线上而邻宗无点", "vertex on a neighbour's edge without a vertex there",
     "在邻宗界线上增设同一界址点。", "Set the same point into the neighbour's line."},
    {"B205", "宗地间有缝隙", "sliver gap between neighbours",
     "核对缝隙是否真实的沟、路、埂；不是则共用一条界线。",
     "See whether the gap is a real ditch, path or ridge; if not, share one line."},
    {"B301", "超出村界", "leaves its village's boundary",
     "核对村界与宗地界线；确在邻村的改由邻村申报。",
     "Check both lines; a plot that truly lies in the next village is delivered there."},
    {"B302", "建设用途占用永久基本农田", "construction use on permanent basic farmland",
     "不得入库：调整宗地范围，或先依法办理批准。",
     "It stays out: change the plot's extent, or obtain approval by law first."},
    {"B303", "建设用途在生态保护红线内", "construction use inside the ecological red line",
     "不得入库：调整宗地范围，或先依法办理批准。",
     "It stays out: change the plot's extent, or obtain approval by law first."},
    {"B304", "经营性用途不符规划", "commercial use outside the plan's zones",
     "核对规划用途；不符的不得入市。",
     "Check the plan's zone; where it does not allow the use, the plot cannot enter the market."},
    {"B305", "受限地块的用途被禁止", "use barred on a restricted plot",
     "查明限制的依据和期限，解除前不得登记该用途。",
     "Find the restriction's ground and term; the use waits until it is lifted."},
    {"B306", "建设用途在城镇开发边界外", "construction use outside the urban development boundary",
     "按县政策包的规定处理，附批准文件。", "Follow the county's pack; attach the approval."},
    {"B401", "代码不合规", "code malformed", "按代码结构更正；属他县的，交该县登记。",
     "Correct it by its structure; a code of another county belongs into that county's book."},
    {"B402", "代码已被使用", "code already used", "核对是否重复提交；不是则另编代码。",
     "See whether it was delivered twice; else give it another code."},
    {"B403", "必填属性或界线缺失", "required attribute or boundary missing",
     "补齐属性或界线；编码值按代码表填写。",
     "Fill in what is missing; take coded values from their list."},
    {"B404", "文字无法解码", "text that cannot be decoded",
     "用 --encoding 指明编码（多为 GBK 或 GB18030）。",
     "Name the encoding with --encoding (mostly GBK or GB18030)."},
    {"B501", "分割或合并前后范围不一致", "union changed by a split or merge",
     "以原宗地的界址点为准重作分割或合并。",
     "Split or merge again along the old plots' own points."},
    {"B502", "邻宗界线会被改变", "a neighbour's boundary would change",
     "不得改动邻宗：新界址点须在原界线上。",
     "Leave the neighbour as it is: new points lie on the old line."},
}};

}  // namespace

const RuleAdvice& AdviceOn(std::string_view rule) {
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(),
                                  [&](const RuleAdvice& advice) { return advice.rule == rule; });
  return found == kAdvice.end() ? kUnknown : *found;
}

}  // namespace landbook::tools
