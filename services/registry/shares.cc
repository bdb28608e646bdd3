#include "services/registry/shares.h"

#include <numeric>

namespace landbook::registry {
namespace {

__extension__ typedef unsigned __int128 Wide;

// std::gcd does not take 128 bits without the compiler's extensions.
Wide GreatestCommonDivisor(Wide a, Wide b) {
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

ShareSum SumOfShares(std::span<const v1::Share> shares) {
  for (const v1::Share& share : shares) {
    if (share.numerator() == 0 || share.denominator() == 0) return ShareSum::kEmptyShare;
  }
  // The sum so far is above / below, in lowest terms and never more than one.
  Wide above = 0;
  Wide below = 1;
  for (const v1::Share& share : shares) {
    const Wide denominator = share.denominator();
    const Wide factor = denominator / GreatestCommonDivisor(below, denominator);
    Wide line = 0;
    if (__builtin_mul_overflow(below, factor, &line)) return ShareSum::kTooFine;
    if (share.numerator() > share.denominator()) return ShareSum::kMore;
    const Wide sum = above * factor;                               // at most `line`
    const Wide addend = share.numerator() * (line / denominator);  // at most `line`
    if (addend > line - sum) return ShareSum::kMore;
    above = sum + addend;
    const Wide divisor = GreatestCommonDivisor(above, line);
    above /= divisor;
    below = line / divisor;
  }
  return above == below ? ShareSum::kOne : ShareSum::kLess;
}

bool SameShare(const v1::Share& a, const v1::Share& b) {
  if ((a.denominator() == 0) != (b.denominator() == 0)) return false;  // one has no share
  return Wide{a.numerator()} * b.denominator() == Wide{b.numerator()} * a.denominator();
}

}  // namespace landbook::registry
