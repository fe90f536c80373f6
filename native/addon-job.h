// One call of JavaScript's as a job: it waits for its turn, works on a libuv worker, and settles its promise.
// A part of addon.cc, which includes napi.h before it.

#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <new>

#include "addon-values.h"
#include "errors.h"

namespace addon {

// What the calls of one instance share.
struct Line {
  virtual ~Line() = default;
  // When it is closed and no call is under way.
  virtual void disconnect() = 0;

  std::deque<class Job*> waiting;
  bool is_running = false;
  bool is_closed = false;
};


// One call on its way: argument, worker, promise. Deletes itself.
class Job : public Napi::AsyncWorker {
 public:
  Job(Napi::Env env, std::shared_ptr<Line> line, const char* operation)
      : AsyncWorker(env, operation),
        operation_(operation),
        line_(std::move(line)),
        deferred_(env),
        // Made now: an error made when the worker is done would have no stack.
        error_(Napi::Persistent(Napi::Error::New(env, operation).Value())) {}

  Napi::Promise start() {
    const auto promise = deferred_.Promise();
    if (line_->is_closed) {
      cancel(EBADF, "it is closed");
    } else if (line_->is_running) {
      line_->waiting.push_back(this);
    } else {
      line_->is_running = true;
      Queue();
    }
    return promise;
  }

  void cancel(int number, const char* text) {
    reject({number, text, false, nullptr});
    delete this;
  }

 protected:
  virtual void work() = 0;
  virtual Napi::Value value(Napi::Env env, Spent spent) = 0;

 private:
  void Execute() override {
    const auto start = std::chrono::steady_clock::now();
    try {
      work();
    } catch (const netlink::Failure& failure) {
      failure_ = failure;
    } catch (const std::bad_alloc&) {
      failure_ = netlink::Failure{ENOMEM, "", false, nullptr};
    }
    spent_ = std::chrono::steady_clock::now() - start;
  }

  void OnOK() override {
    line_->is_running = !line_->waiting.empty();
    if (line_->is_running) {
      line_->waiting.front()->Queue();
      line_->waiting.pop_front();
    }
    if (line_->is_closed && !line_->is_running) line_->disconnect();
    try {
      if (failure_) reject(*failure_);
      else deferred_.Resolve(value(Env(), spent_));
    } catch (const Napi::Error&) {
      // A thread that is being terminated makes no more values, and nobody is left to hear of it.
    }
  }

  void reject(const netlink::Failure& failure) {
    const std::string operation = failure.operation ? failure.operation : operation_;
    const std::string code = ipvs::error_name(failure.number);
    const std::string text = code + ": " + ipvs::error_text(failure.number, failure.text) + ", " + operation;
    Napi::Object error = error_.Value();
    const std::string stack = error.Get("stack").ToString();
    error["message"] = text;
    // The stack was written with the error's first message in its first line.
    error["stack"] = "Error: " + text + stack.substr(std::min(stack.find('\n'), stack.size()));
    error["code"] = code;
    error["errno"] = failure.number;
    error["operation"] = operation;
    deferred_.Reject(error);
  }

  const char* operation_;
  std::shared_ptr<Line> line_;
  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference error_;
  std::optional<netlink::Failure> failure_;
  Spent spent_{};
};

// A job made of two functions: Result work() and Napi::Value make(env, Result*, spent).
template <typename Work, typename Make>
class JobOf final : public Job {
 public:
  JobOf(Napi::Env env, std::shared_ptr<Line> line, const char* operation, Work work, Make make)
      : Job(env, std::move(line), operation), work_(std::move(work)), make_(std::move(make)) {}

 private:
  void work() override { result_.emplace(work_()); }
  Napi::Value value(Napi::Env env, Spent spent) override { return make_(env, &*result_, spent); }

  Work work_;
  Make make_;
  std::optional<std::invoke_result_t<Work>> result_;
};

// The call that is under way comes to its end; those that wait are refused, and so are later ones.
inline void close_line(Line* line) {
  line->is_closed = true;
  if (!line->is_running) line->disconnect();
  const auto waiting = std::exchange(line->waiting, {});
  for (Job* job : waiting) job->cancel(ECANCELED, "it was closed before the call's turn came");
}

}  // namespace addon
