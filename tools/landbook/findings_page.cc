#include "tools/landbook/findings_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/landbook/findings_drawing.h"
#include "tools/landbook/rule_advice.h"

namespace landbook::tools {
namespace {

constexpr std::string_view kStyle = R"(
body{font-family:"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif;color:#222;
  margin:2em auto;max-width:60em;padding:0 1em;line-height:1.5}
h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #bbb}
h3{font-size:1em;margin:1.6em 0 .2em}
.en{color:#666;font-size:.9em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;
  padding:.35em .6em;border-bottom:1px solid #ddd}th{background:#f4f4f4}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.totals td{font-size:1.4em;border:1px solid #ddd;text-align:center}.totals th{text-align:center}
.severity{color:#fff;border-radius:.3em;padding:0 .5em;white-space:nowrap}
.error{background:#e10000}.warning{background:#c97700}.note{background:#286ec8}
figure{margin:.5em 0;display:flex;flex-wrap:wrap;gap:1em;break-inside:avoid}
svg text{font-size:12px;fill:#555}.paper{fill:#fdfdfb;stroke:#999}
.plot{fill:#286ec8;fill-opacity:.12;stroke:#1c56a0;stroke-width:1.5}
.other{fill:#777;fill-opacity:.12;stroke:#555;stroke-width:1.2}
.common{fill:#e10000;fill-opacity:.6;stroke:#a00000;stroke-width:.6}
.plot-dot{fill:#1c56a0}.other-dot{fill:#555}.place{fill:none;stroke:#111;stroke-width:1.2}
.key span{display:inline-block;width:1em;height:.8em;margin:0 .3em 0 1em}
@media print{body{margin:0;max-width:none}}
)";

std::string Both(std::string_view chinese, std::string_view english) {
  return fmt::format("{}<br><span class=\"en\">{}</span>", HtmlText(chinese), HtmlText(english));
}

std::string Badge(v1::Severity severity) {
  const std::string word = SeverityWord(severity);
  const char* chinese = severity == v1::SEVERITY_ERROR     ? "错误"
                        : severity == v1::SEVERITY_WARNING ? "警告"
                                                           : "提示";
  return fmt::format("<span class=\"severity {0}\">{1} {0}</span>", word, chinese);
}

// The rules by what matters most: errors first, then by name.
std::vector<std::pair<std::string, const RuleTally*>> InOrder(const FindingsLedger& ledger) {
  std::vector<std::pair<std::string, const RuleTally*>> rules;
  for (const auto& [rule, tally] : ledger.rules()) rules.emplace_back(rule, &tally);
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return a.second->severity > b.second->severity;
  });
  return rules;
}

std::string Totals(const ImportReport& counts) {
  return fmt::format(
      "<table class=\"totals\"><tr><th>读取 read</th><th>接受 accepted</th><th>其中未变 "
      "unchanged</th><th>拒绝 rejected</th></tr><tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
      "</tr></table>",
      counts.read, counts.accepted, counts.unchanged, counts.rejected);
}

std::string RulesTable(const FindingsPage& page) {
  if (page.ledger.rules().empty()) return "<p>没有质检结果。 There are no findings.</p>";
  std::string rows;
  for (const auto& [rule, tally] : InOrder(page.ledger)) {
    const RuleAdvice& advice = AdviceOn(rule);
    rows += fmt::format(
        "<tr><td><a href=\"#{0}\">{0}</a></td><td>{1}</td><td>{2}</td><td class=\"number\">{3}</td>"
        "<td>{4}</td></tr>",
        HtmlText(rule), Badge(tally->severity), Both(advice.name_zh, advice.name_en), tally->count,
        Both(advice.advice_zh, advice.advice_en));
  }
  return fmt::format(
      "<table><tr><th>规则<br>rule</th><th>严重程度<br>severity</th><th>内容<br>what</th>"
      "<th class=\"number\">数量<br>count</th><th>如何处理<br>what to do</th></tr>{}</table>",
      rows);
}

std::string NotRun(const ImportReport& counts) {
  if (counts.rules_not_run.empty()) return {};
  return fmt::format(
      "<p>因缺少数据未执行的规则 Rules that did not run, for want of their data: {}</p>",
      HtmlText(fmt::format("{}", fmt::join(counts.rules_not_run, ", "))));
}

std::string RowWord(std::int64_t row) {
  return row < 0 ? "登记簿 in the book" : fmt::format("第 {0} 行 row {0}", row);
}

std::string WhichPlots(const v1::Finding& finding) {
  std::string text = fmt::format("{} {}", HtmlText(finding.plot()), RowWord(finding.row()));
  if (NamesPlot(OtherOf(finding))) {
    text += fmt::format(" · {} {}", HtmlText(finding.other_plot()), RowWord(finding.other_row()));
  }
  return text;
}

absl::StatusOr<std::string> Cases(const FindingsPage& page) {
  std::string html;
  for (const auto& [rule, tally] : InOrder(page.ledger)) {
    const RuleAdvice& advice = AdviceOn(rule);
    html += fmt::format("<h2 id=\"{0}\">{0} {1} <span class=\"en\">{2}</span></h2>", HtmlText(rule),
                        HtmlText(advice.name_zh), HtmlText(advice.name_en));
    if (tally->count > tally->worst.size()) {
      html += fmt::format("<p class=\"en\">{0} 条中最重的 {1} 条 the worst {1} of {0}</p>",
                          tally->count, tally->worst.size());
    }
    for (const v1::Finding& finding : tally->worst) {
      const auto svg = SvgOf(finding, page.ground);
      if (!svg.ok()) return svg.status();
      html += fmt::format("<h3>{} {}</h3><p>{}</p>", Badge(finding.severity()), WhichPlots(finding),
                          Both(finding.message_zh(), finding.message_en()));
      if (!svg->empty()) html += "<figure>" + *svg + "</figure>";
    }
  }
  return html;
}

}  // namespace

std::string HtmlText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

absl::StatusOr<std::string> HtmlOf(const FindingsPage& page) {
  const auto cases = Cases(page);
  if (!cases.ok()) return cases.status();
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\">"
      "<title>质检报告 Findings report</title><style>{}</style></head>\n<body>"
      "<h1>质检报告 <span class=\"en\">Findings report</span></h1>"
      "<p>数据 source: {}<br>平面 plane: {}</p>\n{}\n{}\n{}\n"
      "<p class=\"key\">图例 key:<span class=\"paper\" style=\"background:#cfdff3;border:1px solid "
      "#1c56a0\"></span>宗地 plot<span style=\"background:#e4e4e4;border:1px solid #555\"></span>"
      "另一宗地 other plot<span style=\"background:#ec6666\"></span>重叠 overlap</p>\n{}"
      "</body></html>\n",
      kStyle, HtmlText(page.source), HtmlText(page.plane), Totals(page.counts), RulesTable(page),
      NotRun(page.counts), *cases);
}

}  // namespace landbook::tools
