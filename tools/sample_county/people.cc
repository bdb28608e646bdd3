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

// Birth days and serials that one sex can have in one year: 12 months of 28 days, 500 serials.
constexpr std::int64_t kNumbersInYear = 12 * 28 * 500;
constexpr int kHeadAgeMin = 35;
constexpr int kHeadAges = 30;

// The year in which the head of the county's household `number` was born. Households whose people
// share days and serials (they lie a multiple of kNumbersInYear apart) were born years apart.
int HeadBorn(std::uint64_t seed, std::int64_t number, int year) {
  constexpr std::int64_t kHouseholds = kNumbersInYear / std::ssize(kRoles);
  const std::int64_t shift =
      Below(Hash({seed, static_cast<std::uint64_t>(number % kHouseholds), kBirth}), kHeadAges);
  return year - kHeadAgeMin - static_cast<int>((shift + number / kHouseholds) % kHeadAges);
}

// The identity number of the county's person `person`, born in `year`.
std::string IdentityNumber(std::string_view county_code, std::int64_t person, int year,
                           bool female) {
  constexpr std::int64_t kScatter = 100'003;  // a prime, so that every day and serial comes once
  const std::int64_t place = person % kNumbersInYear * kScatter % kNumbersInYear;
  const std::int64_t serial = 2 * (place % 500) + (female ? 0 : 1);  // odd is male
  std::string digits = fmt::format("{}{:04}{:02}{:02}{:03}", county_code, year,
                                   1 + place / 500 % 12, 1 + place / 6'000, serial);
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
  const std::int64_t number = group * kHouseholdsPerGroupMax + household;
  const int head_born = HeadBorn(seed, number, year);
  std::vector<Person> people;
  for (std::size_t i = 0; i < size; ++i) {
    const Role& role = kRoles[i];
    const std::uint64_t member = Hash({key, kName, i});
    const bool from_elsewhere = role.female && role.relation[0] != '3';
    const char* own = from_elsewhere ? kSurnames[member / 64 % kSurnames.size()] : surname;
    const int born = std::min(head_born + role.years_younger, year);
    people.push_back(
        {NameOf(member, own, role.female), role.female,
         IdentityNumber(county_code, number * std::ssize(kRoles) + static_cast<std::int64_t>(i),
                        born, role.female),
         role.relation});
  }
  return people;
}

}  // namespace landbook::sample_county
