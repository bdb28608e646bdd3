#include "tools/sample_county/people.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "tools/sample_county/hash.h"

namespace landbook::sample_county {
namespace {

constexpr std::array<const char*, 20> kSurnames = {"王", "李", "张", "刘", "陈", "杨", "赵",
                                                   "黄", "周", "吴", "徐", "孙", "胡", "朱",
                                                   "高", "林", "何", "郭", "马", "罗"};
constexpr std::array<const char*, 20> kGivenMale = {
    "建国", "志强", "伟",   "军",   "勇",   "明",   "建华", "国庆", "立新", "永福",
    "春生", "海",   "文斌", "长江", "德厚", "守田", "振兴", "大山", "宝林", "有才"};
constexpr std::array<const char*, 20> kGivenFemale = {
    "秀英", "桂兰", "丽",   "敏",   "静",   "秀兰", "玉梅", "春花", "凤霞", "淑珍",
    "艳",   "红",   "月英", "小燕", "雪梅", "爱华", "巧云", "金凤", "兰芳", "素琴"};

enum Purpose : std::uint64_t { kSize = 1, kName = 2, kBirth = 3 };

std::string NameOf(std::uint64_t hash, const char* surname, bool female) {
  const auto& given = female ? kGivenFemale : kGivenMale;
  return std::string(surname) + given[hash % given.size()];
}

// What a member of a household is by place: relation, sex, and how old against the head.
struct Role {
  const char* relation;
  bool female;
  int years_younger;  // than the head
};
constexpr std::array<Role, 5> kRoles = {Role{"02", false, 0}, Role{"10", true, 1},
                                        Role{"20", false, 25}, Role{"30", true, 27},
                                        Role{"52", true, -24}};

// A number of the birth day's serial: 8 digits of date and 3 of serial make 17 with the area code.
// The serial takes what the group and the household tell apart, so that numbers differ.
std::string IdentityNumber(std::string_view county_code, std::uint64_t hash, int year,
                           bool female) {
  const int month = 1 + static_cast<int>(Below(hash, 12));
  const int day = 1 + static_cast<int>(Below(Mix(hash), 28));
  const std::int64_t serial = 2 * Below(Mix(hash ^ 1), 500) + (female ? 0 : 1);
  std::string digits = fmt::format("{}{:04}{:02}{:02}{:03}", county_code, year, month, day, serial);
  return digits + IdentityCheckCharacter(digits);
}

}  // namespace

char IdentityCheckCharacter(std::string_view digits) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (digits[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

std::vector<Person> HouseholdOf(std::uint64_t seed, std::string_view county_code,
                                std::int64_t group, int household, int year) {
  const std::uint64_t key =
      Hash({seed, static_cast<std::uint64_t>(group), static_cast<std::uint64_t>(household)});
  const std::uint64_t size = 2 + Hash({key, kSize}) % 4;
  const char* surname = kSurnames[Hash({key, kName}) % kSurnames.size()];
  const int head_born = year - 35 - static_cast<int>(Below(Hash({key, kBirth}), 30));
  std::vector<Person> people;
  for (std::size_t i = 0; i < size; ++i) {
    const Role& role = kRoles[i];
    const std::uint64_t member = Hash({key, kName, i});
    const bool from_elsewhere = role.female && role.relation[0] != '3';
    const char* own = from_elsewhere ? kSurnames[member / 64 % kSurnames.size()] : surname;
    const int born = std::min(head_born + role.years_younger, year);
    people.push_back({NameOf(member, own, role.female), role.female,
                      IdentityNumber(county_code, Hash({key, kBirth, i}), born, role.female),
                      role.relation});
  }
  return people;
}

}  // namespace landbook::sample_county
