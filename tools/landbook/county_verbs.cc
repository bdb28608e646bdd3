// county create, open, close, discard, adopt, list; clock advance.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "services/common/policy.h"
#include "tools/landbook/command.h"
#include "tools/landbook/commit.h"
#include "tools/landbook/epsg.h"
#include "tools/landbook/packs.h"
#include "tools/landbook/request_id.h"

namespace landbook::tools {
namespace {

struct CreateOptions {
  std::string code;
  std::string title;
  std::string plane;
  std::string pack;
  v1::Suite suite = v1::SUITE_SHA256_ED25519;
  std::string request_id;
};

std::string StateName(v1::BookState state) {
  switch (state) {
    case v1::BOOK_STATE_PREPARING:
      return "preparing";
    case v1::BOOK_STATE_OPEN:
      return "open";
    case v1::BOOK_STATE_CLOSED:
      return "closed";
    default:
      return "unknown";
  }
}

Table CountyTable() {
  return Table({"code", "name", "state", "plane", "pack", "entries", "trial"});
}

void AddCounty(Table& table, const v1::County& county) {
  table.Add({county.code(), county.title(), StateName(county.state()),
             fmt::format("EPSG:{}", county.epsg()),
             fmt::format("{} v{}", county.pack(), county.pack_version()),
             fmt::to_string(county.sequence()), county.trial() ? "yes" : "no"});
}

void AnswerCounty(const Command& command, const v1::County& county) {
  Table table = CountyTable();
  AddCounty(table, county);
  command.Answer(county, table);
}

absl::Status Create(const Command& command, Session& session, const CreateOptions& options) {
  const absl::StatusOr<int> epsg = ParseEpsg(options.plane);
  if (!epsg.ok()) return UsageError(std::string(epsg.status().message()));
  v1::CreateCountyRequest request;
  request.set_request_id(options.request_id.empty() ? NewRequestId() : options.request_id);
  request.mutable_county()->set_code(options.code);
  request.mutable_county()->set_title(options.title);
  request.mutable_county()->set_epsg(static_cast<std::uint32_t>(*epsg));
  request.mutable_county()->set_pack(options.pack);
  request.mutable_county()->set_suite(options.suite);
  const auto county = session.Call(&Session::Registry::CreateCounty, request);
  if (!county.ok()) return county.status();
  AnswerCounty(command, *county);
  return absl::OkStatus();
}

void AddCreate(CLI::App& county, Command& command) {
  auto options = std::make_shared<CreateOptions>();
  CLI::App* verb = county.add_subcommand("create", "make a county's book, in preparation");
  verb->add_option("CODE", options->code, "six digits; codes that begin with 9 are samples")
      ->required();
  verb->add_option("--name", options->title, "the county's name")->required();
  verb->add_option("--crs", options->plane,
                   "the book's plane, EPSG:N, a projected system in metres")
      ->required();
  verb->add_option("--policy", options->pack, "the code of the policy pack")->required();
  const std::map<std::string, v1::Suite> suites{{"sha256-ed25519", v1::SUITE_SHA256_ED25519},
                                                {"sm3-sm2", v1::SUITE_SM3_SM2}};
  verb->add_option("--suite", options->suite, "the book's cryptography")
      ->transform(CLI::CheckedTransformer(suites))
      ->option_text("sha256-ed25519|sm3-sm2");
  verb->add_option("--request-id", options->request_id, "sent again, it gives the same answer");
  verb->callback([options, &command] {
    command.RunWithSession(
        [options, &command](Session& session) { return Create(command, session, *options); });
  });
}

// A commit of the one act `act` in the county that the verb names by its argument.
absl::Status CommitAct(const Command& command, Session& session, const std::string& code,
                       const std::string& document_number, v1::Act act) {
  v1::CommitRequest request;
  request.set_county(code);
  request.mutable_commit()->set_request_id(NewRequestId());
  request.mutable_commit()->set_document_number(document_number);
  *request.mutable_commit()->add_acts() = std::move(act);
  return SendCommit(command, session, request);
}

struct ActOptions {
  std::string code;
  std::string argument;
  std::string pack_directory;
  // Without a document the instruction is the command itself.
  std::string document_number = "landbook county";
};

void AddDocument(CLI::App& verb, ActOptions& options) {
  verb.add_option("--document", options.document_number,
                  "the number of the document that instructs it")
      ->capture_default_str();
}

void AddOpen(CLI::App& county, Command& command) {
  auto options = std::make_shared<ActOptions>();
  CLI::App* verb = county.add_subcommand("open", "open a book that was prepared");
  verb->add_option("CODE", options->code, "the county's code")->required();
  AddDocument(*verb, *options);
  verb->callback([options, &command] {
    command.RunWithSession([options, &command](Session& session) {
      v1::Act act;
      act.mutable_open_book();
      return CommitAct(command, session, options->code, options->document_number, act);
    });
  });
}

void AddClose(CLI::App& county, Command& command) {
  auto options = std::make_shared<ActOptions>();
  CLI::App* verb = county.add_subcommand("close", "close a book and hand it over");
  verb->add_option("CODE", options->code, "the county's code")->required();
  verb->add_option("--to", options->argument, "the county whose book goes on")->required();
  AddDocument(*verb, *options);
  verb->callback([options, &command] {
    command.RunWithSession([options, &command](Session& session) {
      v1::Act act;
      act.mutable_close_book()->set_to_county(options->argument);
      return CommitAct(command, session, options->code, options->document_number, act);
    });
  });
}

void AddDiscard(CLI::App& county, Command& command) {
  auto options = std::make_shared<ActOptions>();
  CLI::App* verb = county.add_subcommand("discard", "throw away a book still being prepared");
  verb->add_option("CODE", options->code, "the county's code")->required();
  verb->callback([options, &command] {
    command.RunWithSession([options, &command](Session& session) -> absl::Status {
      v1::DiscardCountyRequest request;
      request.set_county(options->code);
      const auto gone = session.CallOnce(&Session::Registry::DiscardCounty, request);
      if (!gone.ok()) return gone.status();
      if (command.json()) command.Answer(*gone);
      return absl::OkStatus();
    });
  });
}

// The packs of a directory as the chain that an adoption holds in full.
absl::Status Adopt(const Command& command, Session& session, const ActOptions& options) {
  const auto chain = common::PackChainFromDirectory(options.pack_directory, options.argument);
  if (!chain.ok()) return RefusedBy(chain.refusals());
  v1::Act act;
  act.mutable_adopt_pack()->mutable_chain()->Assign(chain->begin(), chain->end());
  return CommitAct(command, session, options.code, options.document_number, act);
}

void AddAdopt(CLI::App& county, Command& command) {
  auto options = std::make_shared<ActOptions>();
  options->pack_directory = DefaultPackDirectory();
  CLI::App* verb = county.add_subcommand("adopt", "put a policy pack in force");
  verb->add_option("CODE", options->code, "the county's code")->required();
  verb->add_option("PACK", options->argument, "the pack's code")->required();
  verb->add_option("--packs", options->pack_directory, "the folder of the packs' files")
      ->capture_default_str();
  AddDocument(*verb, *options);
  verb->callback([options, &command] {
    command.RunWithSession(
        [options, &command](Session& session) { return Adopt(command, session, *options); });
  });
}

absl::Status List(const Command& command, Session& session) {
  const auto answer =
      session.CallAllPages(&Session::Registry::ListCounties, v1::ListCountiesRequest());
  if (!answer.ok()) return answer.status();
  Table table = CountyTable();
  for (const v1::County& county : answer->counties()) AddCounty(table, county);
  command.Answer(*answer, table);
  return absl::OkStatus();
}

void AddClock(CLI::App& app, Command& command) {
  CLI::App* clock = app.add_subcommand("clock", "the clock of a server that runs --trial-clock");
  clock->require_subcommand(1);
  CLI::App* verb = clock->add_subcommand("advance", "move the trial clock on");
  auto days = std::make_shared<std::uint32_t>(0);
  verb->add_option("DAYS", *days, "by how many days")->required()->check(CLI::PositiveNumber);
  verb->callback([days, &command] {
    command.RunWithSession([days, &command](Session& session) -> absl::Status {
      v1::AdvanceClockRequest request;
      request.set_days(*days);
      const auto answer = session.CallOnce(&Session::Registry::AdvanceClock, request);
      if (!answer.ok()) return answer.status();
      command.Answer(*answer);
      return absl::OkStatus();
    });
  });
}

}  // namespace

void AddCountyVerbs(CLI::App& app, Command& command) {
  CLI::App* county = app.add_subcommand("county", "the books of counties");
  county->require_subcommand(1);
  AddCreate(*county, command);
  AddOpen(*county, command);
  AddClose(*county, command);
  AddDiscard(*county, command);
  AddAdopt(*county, command);
  county->add_subcommand("list", "the books of the server")->callback([&command] {
    command.RunWithSession([&command](Session& session) { return List(command, session); });
  });
  AddClock(app, command);
}

}  // namespace landbook::tools
