#include "services/law/codes.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "services/common/division.h"

namespace landbook::law {
namespace {

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// The division without a group part that says "the village itself".
std::string_view WithoutEmptyGroup(std::string_view division) {
  const bool village = division.size() == common::kGroupDigits && division.ends_with("00");
  return village ? division.substr(0, common::kVillageDigits) : division;
}

}  // namespace

bool IsDigits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<common::CivilDate> BirthDateOfResidentNumber(std::string_view number) {
  constexpr std::size_t kDigits = 17;
  constexpr std::array<int, kDigits> kWeights = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                 3, 7, 9,  10, 5, 8, 4, 2};
  constexpr std::string_view kChecks = "10X98765432";
  if (number.size() != kDigits + 1 || !IsDigits(number.substr(0, kDigits), kDigits)) {
    return std::nullopt;
  }
  int sum = 0;
  for (std::size_t i = 0; i < kDigits; ++i) sum += (number[i] - '0') * kWeights[i];
  if (number[kDigits] != kChecks[static_cast<std::size_t>(sum % 11)]) return std::nullopt;
  return common::ParseCivilDate(
      fmt::format("{}-{}-{}", number.substr(6, 4), number.substr(10, 2), number.substr(12, 2)));
}

bool IsCreditCode(std::string_view code) {
  constexpr std::size_t kCharacters = 17;
  constexpr std::array<std::size_t, kCharacters> kWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                             29, 25, 13, 8,  24, 10, 30, 28};
  if (code.size() != kCharacters + 1) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kCharacters; ++i) {
    const std::size_t value = kCreditAlphabet.find(code[i]);
    if (value == std::string_view::npos) return false;
    sum += value * kWeights[i];
  }
  const std::size_t size = kCreditAlphabet.size();
  return code[kCharacters] == kCreditAlphabet[(size - sum % size) % size];
}

std::size_t DivisionDigits(v1::CollectiveLevel level) {
  switch (level) {
    case v1::COLLECTIVE_LEVEL_GROUP:
      return common::kGroupDigits;
    case v1::COLLECTIVE_LEVEL_VILLAGE:
      return common::kVillageDigits;
    case v1::COLLECTIVE_LEVEL_TOWNSHIP:
      return common::kTownshipDigits;
    default:
      return 0;
  }
}

bool DivisionsAgree(const OwnerAndPlace& divisions) {
  const std::string_view owner = WithoutEmptyGroup(divisions.owner);
  const std::string_view place = WithoutEmptyGroup(divisions.place);
  if (owner.empty() || place.empty()) return false;
  const std::size_t common = std::min(owner.size(), place.size());
  return owner.substr(0, common) == place.substr(0, common);
}

}  // namespace landbook::law
