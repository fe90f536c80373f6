// The JavaScript side: class Ipvs, whose methods return promises. Values are read and checked when a method is called
// and made when its work is done; in between, on a libuv worker, nothing touches JavaScript.

#include <arpa/inet.h>
#include <napi.h>

#include <chrono>
#include <deque>
#include <memory>

#include "client.h"
#include "errors.h"

namespace {

using ipvs::Client;

// An empty object that a dump's array can own: the memory goes back when JavaScript drops it.
template <typename Element, typename T>
Napi::Value hand_over(Napi::Env env, ipvs::Column<T>* column, std::size_t rows) {
  const std::size_t bytes = rows * sizeof(T);
  const std::size_t elements = bytes / sizeof(typename Element::element);
  if (rows == 0) return Element::array::New(env, 0);
  auto buffer = Napi::ArrayBuffer::New(env, column->release(), bytes, [](Napi::Env, void* data) { std::free(data); });
  return Element::array::New(env, elements, buffer, 0);
}

template <typename Array, typename T>
struct ElementOf {
  using array = Array;
  using element = T;
};
using ByteElement = ElementOf<Napi::Uint8Array, std::uint8_t>;
using WordElement = ElementOf<Napi::Uint32Array, std::uint32_t>;
using LongElement = ElementOf<Napi::BigUint64Array, std::uint64_t>;

Napi::Value dump_value(Napi::Env env, ipvs::Dump* dump, std::chrono::nanoseconds spent) {
  const std::uint32_t rows = dump->table.rows();
  auto value = Napi::Object::New(env);
  value["rows"] = Napi::Number::New(env, rows);
  value["config"] = hand_over<ByteElement>(env, &dump->table.config, rows);
  value["counters"] = hand_over<LongElement>(env, &dump->table.counters, rows);
  value["gauges"] = hand_over<WordElement>(env, &dump->table.gauges, rows);
  value["messages"] = Napi::Number::New(env, dump->tally.messages);
  value["receives"] = Napi::Number::New(env, dump->tally.receives);
  value["workerNs"] = Napi::Number::New(env, static_cast<double>(spent.count()));
  return value;
}

Napi::Value address_value(Napi::Env env, std::uint16_t family, const std::uint8_t address[16]) {
  char text[INET6_ADDRSTRLEN] = "";
  if (family != 0) inet_ntop(family, address, text, sizeof(text));
  return Napi::String::New(env, text);
}

void read_address(const Napi::Value& value, std::uint16_t* family, std::uint8_t (&out)[16]) {
  const std::string text = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  *family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (inet_pton(*family, text.c_str(), out) != 1) {
    throw Napi::TypeError::New(value.Env(), "An address is written as four numbers or as IPv6 groups.");
  }
}

// A whole number from object[name]; otherwise, when it is undefined and need not be there, that default.
std::uint32_t read_number(const Napi::Object& object, const char* name, std::uint32_t largest, std::optional<std::uint32_t> otherwise) {
  const Napi::Value value = object.Get(name);
  if (value.IsUndefined() && otherwise) return *otherwise;
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 0 && number <= largest) || number != static_cast<std::uint32_t>(number)) {
    throw Napi::TypeError::New(object.Env(), std::string(name) + " is a whole number from 0 to " + std::to_string(largest) + ".");
  }
  return static_cast<std::uint32_t>(number);
}

Napi::Object read_object(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), std::string(what) + " is an object.");
  return value.As<Napi::Object>();
}

// The bytes of a Uint8Array or a Buffer, borrowed.
wire::Bytes read_bytes(const Napi::Value& value, const char* what) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(value.Env(), std::string(what) + " is a Uint8Array.");
  }
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ElementLength()};
}

ipvs::Row read_service(const Napi::Value& value) {
  const wire::Bytes bytes = read_bytes(value, "A service row");
  ipvs::Row row;
  if (!wire::read(bytes, &row)) throw Napi::TypeError::New(value.Env(), "A service row is 96 bytes long.");
  if (row.kind != 0) throw Napi::TypeError::New(value.Env(), "The row is not a service.");
  return row;
}

std::vector<ipvs::Command> read_commands(const Napi::Value& value) {
  const wire::Bytes bytes = read_bytes(value, "A batch of commands");
  if (bytes.size() % sizeof(ipvs::Command) != 0) {
    throw Napi::TypeError::New(value.Env(), "A command is 200 bytes long, and a batch holds whole commands.");
  }
  std::vector<ipvs::Command> commands(bytes.size() / sizeof(ipvs::Command));
  if (!commands.empty()) std::memcpy(commands.data(), bytes.data(), bytes.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (const char* complaint = ipvs::check(commands[i])) {
      throw Napi::TypeError::New(value.Env(), "Command " + std::to_string(i) + " cannot be sent: " + complaint + ".");
    }
  }
  return commands;
}

// What all jobs of one instance share.
struct Line {
  explicit Line(netlink::Options options) : client(options) {}
  Client client;
  std::deque<class Job*> waiting;
  bool is_running = false;
  bool is_closed = false;
};

// One call on its way: worker, then promise. Deletes itself.
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
      cancel(EBADF, "the socket is closed");
    } else if (line_->is_running) {
      line_->waiting.push_back(this);
    } else {
      line_->is_running = true;
      Queue();
    }
    return promise;
  }

  void cancel(int number, const char* text) {
    Napi::HandleScope scope(Env());
    reject({number, text, false, nullptr});
    delete this;
  }

 protected:
  virtual void work(Client* client) = 0;
  virtual Napi::Value value(Napi::Env env) = 0;
  std::chrono::nanoseconds spent() const { return spent_; }

 private:
  void Execute() override {
    const auto start = std::chrono::steady_clock::now();
    try {
      work(&line_->client);
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
    if (failure_) return reject(*failure_);
    deferred_.Resolve(value(Env()));
  }

  void reject(const netlink::Failure& failure) {
    const char* operation = failure.operation ? failure.operation : operation_;
    const std::string code = ipvs::error_name(failure.number);
    const std::string text = code + ": " + ipvs::error_text(failure.number, failure.text) + ", " + operation;
    Napi::Object error = error_.Value();
    const std::string stack = error.Get("stack").ToString();
    const std::size_t frames = stack.find("\n");
    error["message"] = Napi::String::New(Env(), text);
    error["stack"] = Napi::String::New(Env(), "Error: " + text + (frames == std::string::npos ? "" : stack.substr(frames)));
    error["code"] = Napi::String::New(Env(), code);
    error["errno"] = Napi::Number::New(Env(), failure.number);
    error["operation"] = Napi::String::New(Env(), operation);
    deferred_.Reject(error);
  }

  const char* operation_;
  std::shared_ptr<Line> line_;
  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference error_;
  std::optional<netlink::Failure> failure_;
  std::chrono::nanoseconds spent_{};
};

// A job made of two functions: Result work(Client*), on the worker, and Napi::Value make(env, Result*, spent).
template <typename Work, typename Make>
class JobOf final : public Job {
 public:
  JobOf(Napi::Env env, std::shared_ptr<Line> line, const char* operation, Work work, Make make)
      : Job(env, std::move(line), operation), work_(std::move(work)), make_(std::move(make)) {}

 private:
  void work(Client* client) override { result_.emplace(work_(client)); }
  Napi::Value value(Napi::Env env) override { return make_(env, &*result_, spent()); }

  Work work_;
  Make make_;
  std::optional<std::invoke_result_t<Work, Client*>> result_;
};

using Spent = std::chrono::nanoseconds;
using Info = Napi::CallbackInfo;

class Ipvs : public Napi::ObjectWrap<Ipvs> {
 public:
  static void define(Napi::Env env, Napi::Object exports) {
    exports["Ipvs"] = DefineClass(env, "Ipvs", {
        InstanceMethod<&Ipvs::dump>("dump"), InstanceMethod<&Ipvs::service>("service"), InstanceMethod<&Ipvs::write>("write"),
        InstanceMethod<&Ipvs::info>("info"), InstanceMethod<&Ipvs::timeouts>("timeouts"),
        InstanceMethod<&Ipvs::set_timeouts>("setTimeouts"), InstanceMethod<&Ipvs::daemons>("daemons"),
        InstanceMethod<&Ipvs::start_daemon>("startDaemon"), InstanceMethod<&Ipvs::stop_daemon>("stopDaemon"),
        InstanceMethod<&Ipvs::local_addresses>("localAddresses"),
        InstanceMethod<&Ipvs::add_local_address>("addLocalAddress"),
        InstanceMethod<&Ipvs::remove_local_address>("removeLocalAddress"), InstanceMethod<&Ipvs::close>("close"),
    });
    exports["rowBytes"] = Napi::Number::New(env, sizeof(ipvs::Row));
    exports["commandBytes"] = Napi::Number::New(env, sizeof(ipvs::Command));
  }

  explicit Ipvs(const Info& info) : ObjectWrap(info) {
    netlink::Options options;
    if (!info[0].IsUndefined()) {
      const auto given = read_object(info[0], "The options argument");
      options.timeout_ms = read_number(given, "timeoutMs", 3'600'000, options.timeout_ms);
      options.receive_buffer_bytes = read_number(given, "receiveBufferBytes", 1u << 30, options.receive_buffer_bytes);
      if (options.timeout_ms == 0) throw Napi::TypeError::New(info.Env(), "timeoutMs is at least 1.");
    }
    line_ = std::make_shared<Line>(options);
  }

 private:
  template <typename Work, typename Make>
  Napi::Value schedule(Napi::Env env, const char* operation, Work work, Make make) {
    return (new JobOf<Work, Make>(env, line_, operation, std::move(work), std::move(make)))->start();
  }

  // For work without a result.
  template <typename Work>
  Napi::Value schedule(Napi::Env env, const char* operation, Work work) {
    return schedule(
        env, operation, [work](Client* client) { work(client); return true; },
        [](Napi::Env env, bool*, Spent) { return env.Undefined(); });
  }

  Napi::Value dump(const Info& info) {
    return schedule(info.Env(), "dump", [](Client* client) { return client->dump(); }, dump_value);
  }

  Napi::Value service(const Info& info) {
    return schedule(info.Env(), "service", [row = read_service(info[0])](Client* client) { return client->service(row); }, dump_value);
  }

  Napi::Value write(const Info& info) {
    return schedule(
        info.Env(), "write", [commands = read_commands(info[0])](Client* client) { return client->write(commands); },
        [](Napi::Env env, std::vector<std::optional<ipvs::Fault>>* faults, Spent) {
          auto values = Napi::Array::New(env, faults->size());
          for (std::uint32_t i = 0; i < faults->size(); ++i) {
            const auto& fault = (*faults)[i];
            if (!fault) {
              values[i] = env.Null();
              continue;
            }
            auto value = Napi::Object::New(env);
            value["code"] = Napi::String::New(env, ipvs::error_name(fault->number));
            value["errno"] = Napi::Number::New(env, fault->number);
            value["message"] = Napi::String::New(env, ipvs::error_text(fault->number, fault->text));
            values[i] = value;
          }
          return values;
        });
  }

  Napi::Value info(const Info& info) {
    return schedule(info.Env(), "info", [](Client* client) { return client->info(); }, [](Napi::Env env, ipvs::Info* info, Spent) {
      auto value = Napi::Object::New(env);
      value["version"] = Napi::Number::New(env, info->version);
      value["connectionTableSize"] = Napi::Number::New(env, info->connection_table_size);
      return value;
    });
  }

  Napi::Value timeouts(const Info& info) {
    return schedule(info.Env(), "timeouts", [](Client* client) { return client->timeouts(); }, [](Napi::Env env, ipvs::Timeouts* timeouts, Spent) {
      auto value = Napi::Object::New(env);
      value["tcpS"] = Napi::Number::New(env, timeouts->tcp_s);
      value["tcpFinS"] = Napi::Number::New(env, timeouts->tcp_fin_s);
      value["udpS"] = Napi::Number::New(env, timeouts->udp_s);
      return value;
    });
  }

  Napi::Value set_timeouts(const Info& info) {
    const auto given = read_object(info[0], "The timeouts argument");
    const ipvs::Timeouts timeouts{read_number(given, "tcpS", UINT32_MAX, {}), read_number(given, "tcpFinS", UINT32_MAX, {}),
                                  read_number(given, "udpS", UINT32_MAX, {})};
    return schedule(info.Env(), "setTimeouts", [timeouts](Client* client) { client->set_timeouts(timeouts); });
  }

  Napi::Value daemons(const Info& info) {
    return schedule(info.Env(), "daemons", [](Client* client) { return client->daemons(); }, [](Napi::Env env, std::vector<ipvs::Daemon>* daemons, Spent) {
      auto values = Napi::Array::New(env, daemons->size());
      for (std::uint32_t i = 0; i < daemons->size(); ++i) {
        const ipvs::Daemon& daemon = (*daemons)[i];
        auto value = Napi::Object::New(env);
        value["state"] = Napi::Number::New(env, daemon.state);
        value["interface"] = Napi::String::New(env, daemon.interface);
        value["syncId"] = Napi::Number::New(env, daemon.sync_id);
        value["maxLength"] = Napi::Number::New(env, daemon.max_length);
        value["group"] = address_value(env, daemon.group_family, daemon.group);
        value["port"] = Napi::Number::New(env, daemon.port);
        value["ttl"] = Napi::Number::New(env, daemon.ttl);
        values[i] = value;
      }
      return values;
    });
  }

  Napi::Value start_daemon(const Info& info) {
    const auto given = read_object(info[0], "The daemon argument");
    ipvs::Daemon daemon{};
    const Napi::Value interface = given.Get("interface");
    if (interface.IsString()) daemon.interface = interface.As<Napi::String>().Utf8Value();
    if (daemon.interface.empty() || daemon.interface.size() >= IP_VS_IFNAME_MAXLEN || daemon.interface.find('\0') != std::string::npos) {
      throw Napi::TypeError::New(info.Env(), "interface is a name of 1 to 15 bytes.");
    }
    daemon.state = read_number(given, "state", UINT32_MAX, {});
    daemon.sync_id = read_number(given, "syncId", 255, {});
    daemon.max_length = read_number(given, "maxLength", UINT16_MAX, 0);
    daemon.port = read_number(given, "port", UINT16_MAX, 0);
    daemon.ttl = read_number(given, "ttl", UINT8_MAX, 0);
    if (!given.Get("group").IsUndefined()) read_address(given.Get("group"), &daemon.group_family, daemon.group);
    return schedule(info.Env(), "startDaemon", [daemon](Client* client) { client->start_daemon(daemon); });
  }

  Napi::Value stop_daemon(const Info& info) {
    auto given = Napi::Object::New(info.Env());
    given["state"] = info[0];
    const std::uint32_t state = read_number(given, "state", UINT32_MAX, {});
    return schedule(info.Env(), "stopDaemon", [state](Client* client) { client->stop_daemon(state); });
  }

  Napi::Value local_addresses(const Info& info) {
    return schedule(
        info.Env(), "localAddresses", [row = read_service(info[0])](Client* client) { return client->local_addresses(row); },
        [](Napi::Env env, std::vector<ipvs::LocalAddress>* addresses, Spent) {
          auto values = Napi::Array::New(env, addresses->size());
          for (std::uint32_t i = 0; i < addresses->size(); ++i) {
            const ipvs::LocalAddress& address = (*addresses)[i];
            auto value = Napi::Object::New(env);
            value["address"] = address_value(env, address.family, address.address);
            value["portConflicts"] = Napi::BigInt::New(env, address.port_conflicts);
            value["connections"] = Napi::Number::New(env, address.connections);
            values[i] = value;
          }
          return values;
        });
  }

  Napi::Value add_local_address(const Info& info) {
    const ipvs::Row row = read_service(info[0]);
    ipvs::LocalAddress address{};
    read_address(info[1], &address.family, address.address);
    return schedule(info.Env(), "addLocalAddress", [=](Client* client) { client->add_local_address(row, address); });
  }

  Napi::Value remove_local_address(const Info& info) {
    const ipvs::Row row = read_service(info[0]);
    ipvs::LocalAddress address{};
    read_address(info[1], &address.family, address.address);
    return schedule(info.Env(), "removeLocalAddress", [=](Client* client) { client->remove_local_address(row, address); });
  }

  // The call that is under way comes to its end; those that wait are refused, and so are later ones.
  void close(const Info&) {
    line_->is_closed = true;
    std::deque<Job*> waiting;
    waiting.swap(line_->waiting);
    for (Job* job : waiting) job->cancel(ECANCELED, "the socket was closed before the call's turn came");
  }

  std::shared_ptr<Line> line_;
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  Ipvs::define(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(ipvs, init)
