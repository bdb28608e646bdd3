#include "services/law/ranks.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

namespace landbook::law {

bool IsRegisteredBefore(const Numbered<v1::Mortgage>& earlier,
                        const Numbered<v1::Mortgage>& later) {
  const auto place = [](const Numbered<v1::Mortgage>& mortgage) {
    return std::tuple(std::string_view(mortgage.record.registered_date()),
                      mortgage.record.entered_sequence(), mortgage.number);
  };
  return place(earlier) < place(later);
}

void Reorder(const std::vector<std::uint64_t>& agreed, std::vector<std::uint64_t>* ranked) {
  const auto is_ranked = [&](std::uint64_t number) {
    return std::find(ranked->begin(), ranked->end(), number) != ranked->end();
  };
  std::vector<std::uint64_t> order;
  std::copy_if(agreed.begin(), agreed.end(), std::back_inserter(order), is_ranked);
  auto next = order.begin();
  for (std::uint64_t& number : *ranked) {
    const bool agreed_on = std::find(order.begin(), order.end(), number) != order.end();
    if (agreed_on) number = *next++;
  }
}

std::vector<Numbered<v1::Mortgage>> RankedMortgages(std::uint64_t right, const State& state) {
  auto mortgages = StandingRecords<v1::Mortgage>(state, Link::kMortgagesOfRight, right);
  std::sort(mortgages.begin(), mortgages.end(), &IsRegisteredBefore);
  std::vector<std::uint64_t> ranked;
  for (const auto& mortgage : mortgages) ranked.push_back(mortgage.number);
  // Agreements are numbered in the order of their registration.
  for (const auto& agreement :
       StandingRecords<v1::RankAgreement>(state, Link::kRankAgreementsOfRight, right)) {
    Reorder({agreement.record.mortgages().begin(), agreement.record.mortgages().end()}, &ranked);
  }
  std::vector<Numbered<v1::Mortgage>> ordered;
  for (const std::uint64_t number : ranked) {
    ordered.push_back(*std::find_if(mortgages.begin(), mortgages.end(), [&](const auto& mortgage) {
      return mortgage.number == number;
    }));
  }
  return ordered;
}

}  // namespace landbook::law
