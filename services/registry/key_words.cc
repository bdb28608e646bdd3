#include "services/registry/key_words.h"

#include <array>
#include <optional>

#include "fmt/format.h"
#include "services/registry/keys.h"
#include "storage/bytes.h"
#include "storage/digest.h"

namespace landbook::registry {
namespace {

// One of a kind of record, and several.
struct KindWords {
  std::string_view one;
  std::string_view many;
};

KindWords WordsOf(std::uint8_t kind) {
  switch (static_cast<Table>(kind)) {
    case Table::kBook:
      return {"the book's own record", "books"};
    case Table::kParty:
      return {"party", "parties"};
    case Table::kPlot:
      return {"plot", "plots"};
    case Table::kPlace:
      return {"the place of plot", "boundaries"};
    case Table::kUnit:
      return {"unit", "units"};
    case Table::kRight:
      return {"right", "rights"};
    case Table::kContract:
      return {"contract", "contracts"};
    case Table::kMortgage:
      return {"mortgage", "mortgages"};
    case Table::kCaution:
      return {"caution", "cautions"};
    case Table::kCertificate:
      return {"certificate", "certificates"};
    case Table::kAppointment:
      return {"appointment", "appointments"};
    case Table::kPack:
      return {"adopted pack", "adopted packs"};
    case Table::kControlLayer:
      return {"control layer", "control layers"};
    case Table::kControlShape:
      return {"control shape", "control shapes"};
    case Table::kCase:
      return {"case", "cases"};
    case Table::kApplication:
      return {"the application of case", "applications"};
    case Table::kResolution:
      return {"resolution", "resolutions"};
    case Table::kFiling:
      return {"filing", "filings"};
    case Table::kRankAgreement:
      return {"rank agreement", "rank agreements"};
    case Table::kFundAdvance:
      return {"fund advance", "fund advances"};
    case Table::kCalendarDay:
      return {"calendar day", "calendar days"};
    default:
      return {"record", "records"};
  }
}

// "the {} of {} {}: {} {}" for a table of links between two numbers; empty for other tables.
struct LinkWords {
  std::string_view from;
  std::string_view to;
};
std::optional<LinkWords> LinksOf(Table table) {
  switch (table) {
    case Table::kUnitsOfPlot:
      return LinkWords{"plot", "unit"};
    case Table::kRightsOfUnit:
      return LinkWords{"unit", "right"};
    case Table::kRightsOfHolder:
      return LinkWords{"party", "right"};
    case Table::kRightsOfParent:
      return LinkWords{"right", "derived right"};
    case Table::kMortgagesOfRight:
      return LinkWords{"right", "mortgage"};
    case Table::kMortgagesOfHolder:
      return LinkWords{"mortgagee", "mortgage"};
    case Table::kCautionsOfUnit:
      return LinkWords{"unit", "caution"};
    case Table::kHouseholdsOfPerson:
      return LinkWords{"person", "household"};
    case Table::kShapesOfLayer:
      return LinkWords{"control layer", "shape"};
    case Table::kCasesOfUnit:
      return LinkWords{"unit", "case"};
    case Table::kCasesOfParty:
      return LinkWords{"party", "case"};
    case Table::kResolutionsOf:
      return LinkWords{"collective", "resolution"};
    case Table::kFilingsOfRight:
      return LinkWords{"right", "filing"};
    case Table::kFilingsWith:
      return LinkWords{"party", "filing"};
    case Table::kRankAgreementsOf:
      return LinkWords{"right", "rank agreement"};
    case Table::kAdvancesOfRight:
      return LinkWords{"right", "fund advance"};
    case Table::kAdvancesOfFund:
      return LinkWords{"fund", "fund advance"};
    default:
      return std::nullopt;
  }
}

std::string DerivedKey(Table table, storage::ByteReader* reader) {
  if (const auto link = LinksOf(table)) {
    const std::uint64_t from = reader->ReadU64();
    return fmt::format("the link from {} {} to {} {}", link->from, from, link->to,
                       reader->ReadU64());
  }
  switch (table) {
    case Table::kWindow: {
      const int tier = reader->ReadU8();
      reader->ReadU8();
      reader->ReadU64();
      return fmt::format("the window index of tier {}, plot {}", tier, reader->ReadU64());
    }
    case Table::kAlias: {
      const KindWords kind = WordsOf(reader->ReadU8());
      return fmt::format("code {} of the {}", reader->ReadOrderedText(), kind.many);
    }
    case Table::kCertificatesOf: {
      const KindWords kind = WordsOf(reader->ReadU8());
      const std::uint64_t of = reader->ReadU64();
      return fmt::format("the link from {} {} to certificate {}", kind.one, of, reader->ReadU64());
    }
    case Table::kAppointmentsOf: {
      const std::string principal = reader->ReadOrderedText();
      return fmt::format("the link from officer {} to appointment {}", principal,
                         reader->ReadU64());
    }
    case Table::kControlWindow: {
      const std::uint64_t layer = reader->ReadU64();
      reader->ReadU8();
      reader->ReadU8();
      reader->ReadU64();
      const std::uint64_t shape = reader->ReadU64();
      return fmt::format("the window index of control layer {}, shape {}, part {}", layer, shape,
                         reader->ReadU32());
    }
    case Table::kWholeLayers: {
      const std::string layer = reader->ReadOrderedText();
      const std::string from = reader->ReadOrderedText();
      return fmt::format("the link from {} of {} to control layer {}", layer, from,
                         reader->ReadU64());
    }
    case Table::kStandingCases: {
      const int state = reader->ReadU8();
      return fmt::format("the link from state {} to case {}", state, reader->ReadU64());
    }
    case Table::kLapsingCautions: {
      const int cause = reader->ReadU8();
      return fmt::format("the link from cause {} to caution {}, which can lapse", cause,
                         reader->ReadU64());
    }
    case Table::kShapesOfCode: {
      const std::uint64_t layer = reader->ReadU64();
      const std::string code = reader->ReadOrderedText();
      return fmt::format("the link from code {} of control layer {} to shape {}", code, layer,
                         reader->ReadU64());
    }
    default:
      return "";
  }
}

// A key of a table; empty when it cannot be understood. What is not read is left to the caller.
std::string TableKeyInWords(storage::ByteReader* reader) {
  const std::uint8_t table = reader->ReadU8();
  if (table >= static_cast<std::uint8_t>(Table::kWindow)) {
    return DerivedKey(static_cast<Table>(table), reader);
  }
  const std::uint64_t number = reader->ReadU64();
  const KindWords kind = WordsOf(table);
  return table == static_cast<std::uint8_t>(Table::kBook) ? std::string(kind.one)
                                                          : fmt::format("{} {}", kind.one, number);
}

// The counters of keys.cc.
std::string CounterInWords(storage::ByteReader* reader) {
  switch (reader->ReadU8()) {
    case 1:
      return fmt::format("the last number of {}", WordsOf(reader->ReadU8()).many);
    case 2:
      return fmt::format("the last serial of \"{}\"", reader->ReadOrderedText());
    case 3: {
      const int tier = reader->ReadU8();
      return fmt::format("the count of boundaries in tier {}, size class {}", tier,
                         reader->ReadU8());
    }
    case 4: {
      const KindWords kind = WordsOf(reader->ReadU8());
      const std::string word = reader->ReadOrderedText();
      return word.empty() ? fmt::format("the count of {}", kind.many)
                          : fmt::format("the count of {} of kind \"{}\"", kind.many, word);
    }
    default:
      return "";
  }
}

std::string SpaceInWords(char space, storage::ByteReader* reader) {
  switch (static_cast<Space>(space)) {
    case Space::kCurrent:
      return TableKeyInWords(reader);
    case Space::kPast: {
      const std::string version = TableKeyInWords(reader);
      const std::uint64_t to = reader->ReadU64();
      return version.empty() ? "" : fmt::format("{} as it stood until entry {}", version, to);
    }
    case Space::kCounter:
      return CounterInWords(reader);
    case Space::kRequest: {
      const std::string caller = reader->ReadOrderedText();
      return fmt::format("the memory of request \"{}\" of {}", reader->ReadOrderedText(), caller);
    }
    case Space::kStatus:
      return fmt::format("the status tree at {}",
                         storage::HexOf(reader->ReadBytes(reader->Rest().size())));
    default:
      return "";
  }
}

}  // namespace

std::string KeyInWords(std::string_view key) {
  if (key.empty()) return "an empty key";
  storage::ByteReader reader(key.substr(1));
  const std::string words = SpaceInWords(key.front(), &reader);
  if (!words.empty() && reader.FinishedOk()) return words;
  return fmt::format("key {}", storage::HexOf(key));
}

}  // namespace landbook::registry
