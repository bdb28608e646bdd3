#include "tools/landbook/import_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "tools/landbook/json.h"

namespace landbook::tools {

ImportReport ReportOf(const v1::Import& import, double seconds) {
  ImportReport report;
  report.read = import.read();
  report.accepted = import.accepted();
  report.unchanged = import.unchanged();
  report.rejected = import.rejected();
  report.seconds = seconds;
  for (const v1::RuleCount& count : import.findings())
    report.findings[count.rule()] = count.count();
  report.rules_not_run.assign(import.rules_not_run().begin(), import.rules_not_run().end());
  return report;
}

namespace {

std::string TablesJson(const std::vector<TableReport>& tables) {
  if (tables.empty()) return "";
  std::string text;
  for (const TableReport& table : tables) {
    text += fmt::format(
        "{}{}:{{\"read\":{},\"accepted\":{},\"unchanged\":{},\"rejected\":{}}}",
        text.empty() ? "" : ",", JsonText(table.table), table.read, table.accepted, table.unchanged,
        table.rejected);
  }
  return fmt::format(",\"tables\":{{{}}}", text);
}

void PrintTables(const Command& command, const std::vector<TableReport>& tables) {
  if (tables.empty()) return;
  Table table({"table", "read", "accepted", "unchanged", "rejected"});
  for (const TableReport& one : tables) {
    table.Add({one.table, fmt::to_string(one.read), fmt::to_string(one.accepted),
               fmt::to_string(one.unchanged), fmt::to_string(one.rejected)});
  }
  table.Print(command.out);
}

}  // namespace

std::string ReportJson(const ImportReport& report) {
  std::string findings;
  for (const auto& [rule, count] : report.findings) {
    findings += fmt::format("{}{}:{}", findings.empty() ? "" : ",", JsonText(rule), count);
  }
  return fmt::format(
      "{{\"read\":{},\"accepted\":{},\"unchanged\":{},\"rejected\":{},\"seconds\":{:.3f},"
      "\"findings\":{{{}}}{}}}",
      report.read, report.accepted, report.unchanged, report.rejected, report.seconds, findings,
      TablesJson(report.tables));
}

void AnswerReport(const Command& command, const ImportReport& report) {
  if (!report.rules_not_run.empty()) {
    command.err << fmt::format("not run, for want of their data: {}\n",
                               fmt::join(report.rules_not_run, ", "));
  }
  if (command.json()) {
    command.out << ReportJson(report) << "\n";
    return;
  }
  command.out << fmt::format(
      "{} rows read, {} accepted ({} of them unchanged), {} rejected, "
      "in {:.1f} s\n",
      report.read, report.accepted, report.unchanged, report.rejected, report.seconds);
  PrintTables(command, report.tables);
  if (report.findings.empty()) return;
  Table table({"rule", "findings"});
  for (const auto& [rule, count] : report.findings) table.Add({rule, fmt::to_string(count)});
  table.Print(command.out);
}

}  // namespace landbook::tools
