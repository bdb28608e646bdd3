// Work that waits without holding a thread: a coroutine that gives one value.
//
// A handler of this room asks the registry several times for one answer. Written as coroutines its
// steps read in their order, and between them no worker is held: whoever waits for a call is
// resumed on a worker when the answer has come (registry_client.h).
//
// Coroutines of this room are functions and methods, never lambdas, and take what they keep by
// value or by a reference that outlives them: a coroutine holds its parameters, and nothing of its
// caller.
//
// No aggregate is made by braces within an expression that awaits: g++ 12 destroys such a temporary
// at a place where it is not. It is given a name on a line before.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_TASK_H_
#define LANDBOOK_SERVICES_CONVEYANCE_TASK_H_

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace landbook::conveyance {

// A coroutine's value to come. It begins when it is awaited, and whoever awaits goes on when it has
// ended. Owned by one holder; destroyed unawaited it never ran.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type {
    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct GoOn {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        return ended.promise().waiting;
      }
      void await_resume() noexcept {}
    };
    GoOn final_suspend() noexcept { return {}; }
    void return_value(T given) { value.emplace(std::move(given)); }
    // No exception crosses a room's border; one that gets here is a bug.
    void unhandled_exception() noexcept { std::terminate(); }

    std::coroutine_handle<> waiting = std::noop_coroutine();
    std::optional<T> value;
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    handle_.promise().waiting = waiting;
    return handle_;
  }
  T await_resume() { return std::move(*handle_.promise().value); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace task_internal {

// A coroutine that nobody awaits: it frees itself at its end.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

template <class T, class Then>
Detached RunDetached(Task<T> task, Then then) {
  then(co_await std::move(task));
}

}  // namespace task_internal

// Runs `task` from here on, and gives its value to `then`, on whichever thread it ends.
template <class T, class Then>
void Run(Task<T> task, Then then) {
  task_internal::RunDetached(std::move(task), std::move(then));
}

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_TASK_H_
