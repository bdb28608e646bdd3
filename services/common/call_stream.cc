#include "services/common/call_stream.h"

namespace landbook::common {

void StreamGate::Wake() {
  {
    storage::MutexLock lock(mutex_);
    if (closed_) return;
    if (!parked_) {
      woken_ = true;
      return;
    }
    parked_ = false;
  }
  // From here the stream is running by this thread's hand, so it cannot end before it is resumed.
  resume_();
}

bool StreamGate::Park() {
  storage::MutexLock lock(mutex_);
  if (woken_ || cancelled_) {
    woken_ = false;
    return false;
  }
  parked_ = true;
  return true;
}

bool StreamGate::Cancel() {
  storage::MutexLock lock(mutex_);
  cancelled_ = true;
  return std::exchange(parked_, false);
}

void StreamGate::Close() {
  storage::MutexLock lock(mutex_);
  closed_ = true;
}

}  // namespace landbook::common
