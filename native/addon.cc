// The JavaScript side: classes Ipvs and ConnectionRead, whose methods return promises. Arguments are read and checked when a method is called
// (a wrong one is a TypeError at once), results are made when the work is done, and in between, on a libuv worker,
// nothing touches JavaScript. The calls of one instance run one after another.
// The only file that includes napi.h; addon-values.h, addon-job.h and addon-connections.h are parts of it.

#include <napi.h>

#include "addon-values.h"

#include "addon-job.h"

#include "addon-connections.h"
#include "netns.h"

namespace {

using addon::CallInfo;
using addon::JobOf;
using addon::Line;
using addon::Spent;
using addon::list;
using addon::read_address;
using addon::read_number;
using addon::read_object;
using addon::refuse;
using ipvs::Client;

struct ClientLine final : Line {
  explicit ClientLine(netlink::Options options) : client(options) {}
  void disconnect() override { client.disconnect(); }
  Client client;
  addon::Shown shown;
};

class Ipvs : public Napi::ObjectWrap<Ipvs> {
 public:
  static Napi::Object define(Napi::Env env, Napi::Object exports) {
    exports["Ipvs"] = DefineClass(env, "Ipvs", {
        InstanceMethod<&Ipvs::dump>("dump"), InstanceMethod<&Ipvs::service>("service"),
        InstanceMethod<&Ipvs::write>("write"), InstanceMethod<&Ipvs::info>("info"),
        InstanceMethod<&Ipvs::timeouts>("timeouts"), InstanceMethod<&Ipvs::set_timeouts>("setTimeouts"),
        InstanceMethod<&Ipvs::daemons>("daemons"), InstanceMethod<&Ipvs::start_daemon>("startDaemon"),
        InstanceMethod<&Ipvs::stop_daemon>("stopDaemon"), InstanceMethod<&Ipvs::locals>("localAddresses"),
        InstanceMethod<&Ipvs::add_local>("addLocalAddress"),
        InstanceMethod<&Ipvs::remove_local>("removeLocalAddress"), InstanceMethod<&Ipvs::close>("close"),
    });
    exports["rowBytes"] = sizeof(ipvs::Row);
    exports["commandBytes"] = sizeof(ipvs::Command);
    return exports;
  }

  explicit Ipvs(const CallInfo& call) : ObjectWrap(call) {
    netlink::Options options;
    if (!call[0].IsUndefined()) {
      const auto given = read_object(call[0], "options");
      options.timeout_ms = read_number(given.Get("timeoutMs"), "timeoutMs", 3'600'000, options.timeout_ms);
      options.receive_buffer_bytes =
          read_number(given.Get("receiveBufferBytes"), "receiveBufferBytes", 1u << 30, options.receive_buffer_bytes);
      if (options.timeout_ms == 0) refuse(call.Env(), "timeoutMs must be at least 1.");
    }
    line_ = std::make_shared<ClientLine>(options);
  }

 private:
  template <typename Work, typename Make>
  Napi::Value run(const CallInfo& call, const char* operation, Work work, Make make) {
    auto bound = [work = std::move(work), client = &line_->client] { return work(client); };
    using Bound = decltype(bound);
    return (new JobOf<Bound, Make>(call.Env(), line_, operation, std::move(bound), std::move(make)))->start();
  }

  // For work without a result.
  template <typename Work>
  Napi::Value run(const CallInfo& call, const char* operation, Work work) {
    const auto done = [work = std::move(work)](Client* client) { return work(client), true; };
    return run(call, operation, done, [](Napi::Env env, bool*, Spent) { return env.Undefined(); });
  }

  Napi::Value dump(const CallInfo& call) {
    return run(call, "dump", [](Client* client) { return client->dump(); },
               [line = line_](Napi::Env env, ipvs::Dump* dump, Spent spent) {
                 return addon::dump_value(env, dump, spent, &line->shown);
               });
  }

  Napi::Value service(const CallInfo& call) {
    const auto work = [row = addon::read_service(call[0])](Client* client) { return client->service(row); };
    return run(call, "service", work, [](Napi::Env env, ipvs::Dump* dump, Spent spent) {
      addon::Shown alone;
      return addon::dump_value(env, dump, spent, &alone);
    });
  }

  Napi::Value write(const CallInfo& call) {
    auto work = [commands = addon::read_commands(call[0])](Client* client) { return client->write(commands); };
    return run(call, "write", std::move(work), [](Napi::Env env, std::vector<std::optional<ipvs::Fault>>* faults, Spent) {
      auto values = Napi::Array::New(env, faults->size());
      for (std::uint32_t i = 0; i < faults->size(); ++i) {
        const auto& fault = (*faults)[i];
        values[i] = fault ? Napi::Value(Napi::Object::New(env)) : env.Null();
        if (!fault) continue;
        auto value = values.Get(i).As<Napi::Object>();
        value["code"] = ipvs::error_name(fault->number);
        value["errno"] = fault->number;
        value["message"] = ipvs::error_text(fault->number, fault->text);
      }
      return values;
    });
  }

  Napi::Value info(const CallInfo& call) {
    const auto work = [](Client* client) { return client->info(); };
    return run(call, "info", work, [](Napi::Env env, ipvs::Info* info, Spent) {
      auto value = Napi::Object::New(env);
      value["version"] = info->version;
      value["connectionTableSize"] = info->connection_table_size;
      return value;
    });
  }

  Napi::Value timeouts(const CallInfo& call) {
    const auto work = [](Client* client) { return client->timeouts(); };
    return run(call, "timeouts", work, [](Napi::Env env, ipvs::Timeouts* timeouts, Spent) {
      auto value = Napi::Object::New(env);
      value["tcpS"] = timeouts->tcp_s;
      value["tcpFinS"] = timeouts->tcp_fin_s;
      value["udpS"] = timeouts->udp_s;
      return value;
    });
  }

  Napi::Value set_timeouts(const CallInfo& call) {
    const auto given = read_object(call[0], "timeouts");
    const auto seconds = [&](const char* name) { return read_number(given.Get(name), name, UINT32_MAX); };
    const ipvs::Timeouts timeouts{seconds("tcpS"), seconds("tcpFinS"), seconds("udpS")};
    return run(call, "setTimeouts", [timeouts](Client* client) { client->set_timeouts(timeouts); });
  }

  Napi::Value daemons(const CallInfo& call) {
    const auto work = [](Client* client) { return client->daemons(); };
    return run(call, "daemons", work, [](Napi::Env env, std::vector<ipvs::Daemon>* daemons, Spent) {
      return list(env, *daemons, [](Napi::Object& value, const ipvs::Daemon& daemon) {
        value["state"] = daemon.state;
        value["interface"] = daemon.interface;
        value["syncId"] = daemon.sync_id;
        value["maxLength"] = daemon.max_length;
        value["group"] = ipvs::format_address(daemon.group_family, daemon.group);
        value["port"] = daemon.port;
        value["ttl"] = daemon.ttl;
      });
    });
  }

  Napi::Value start_daemon(const CallInfo& call) {
    const auto given = read_object(call[0], "daemon");
    const auto number = [&](const char* name, std::uint32_t largest, std::optional<std::uint32_t> otherwise) {
      return read_number(given.Get(name), name, largest, otherwise);
    };
    ipvs::Daemon daemon{};
    const Napi::Value interface = given.Get("interface");
    if (interface.IsString()) daemon.interface = interface.As<Napi::String>().Utf8Value();
    const std::size_t length = daemon.interface.size();
    if (length == 0 || length >= IP_VS_IFNAME_MAXLEN || daemon.interface.find('\0') != std::string::npos) {
      refuse(call.Env(), "interface must be a name of 1 to 15 bytes.");
    }
    daemon.state = number("state", UINT32_MAX, {});
    daemon.sync_id = number("syncId", 255, {});
    daemon.max_length = static_cast<std::uint16_t>(number("maxLength", UINT16_MAX, 0));
    daemon.port = static_cast<std::uint16_t>(number("port", UINT16_MAX, 0));
    daemon.ttl = static_cast<std::uint8_t>(number("ttl", UINT8_MAX, 0));
    const Napi::Value group = given.Get("group");
    if (!group.IsUndefined()) read_address(group, &daemon.group_family, daemon.group);
    return run(call, "startDaemon", [daemon](Client* client) { client->start_daemon(daemon); });
  }

  Napi::Value stop_daemon(const CallInfo& call) {
    const std::uint32_t state = read_number(call[0], "state", UINT32_MAX);
    return run(call, "stopDaemon", [state](Client* client) { client->stop_daemon(state); });
  }

  Napi::Value locals(const CallInfo& call) {
    const auto work = [row = addon::read_service(call[0])](Client* client) { return client->local_addresses(row); };
    return run(call, "localAddresses", work, [](Napi::Env env, std::vector<ipvs::LocalAddress>* addresses, Spent) {
      return list(env, *addresses, [env](Napi::Object& value, const ipvs::LocalAddress& address) {
        value["address"] = ipvs::format_address(address.family, address.address);
        value["portConflicts"] = Napi::BigInt::New(env, address.port_conflicts);
        value["connections"] = address.connections;
      });
    });
  }

  template <void (Client::*Change)(const ipvs::Row&, const ipvs::LocalAddress&)>
  Napi::Value change_local(const CallInfo& call, const char* operation) {
    ipvs::LocalAddress address{};
    read_address(call[1], &address.family, address.address);
    return run(call, operation, [=, row = addon::read_service(call[0])](Client* client) { (client->*Change)(row, address); });
  }

  Napi::Value add_local(const CallInfo& call) { return change_local<&Client::add_local_address>(call, "addLocalAddress"); }
  Napi::Value remove_local(const CallInfo& call) { return change_local<&Client::remove_local_address>(call, "removeLocalAddress"); }

  void close(const CallInfo&) { addon::close_line(line_.get()); }

  std::shared_ptr<ClientLine> line_;
};

// Of the thread that calls: see netns.h. Throws an Error with code, errno and step.
Napi::Value enter_network_namespace(const CallInfo& call) {
  if (!call[0].IsString()) refuse(call.Env(), "path must be a string.");
  try {
    netns::enter(call[0].As<Napi::String>().Utf8Value());
    if (!call[1].IsUndefined()) netns::keep_open(static_cast<int>(read_number(call[1], "keptOpen", INT32_MAX)));
  } catch (const netns::Failure& failure) {
    const std::string code = ipvs::error_name(failure.number);
    auto error = Napi::Error::New(call.Env(), code + ": " + ipvs::error_text(failure.number, "") + ", " + failure.step);
    error.Set("code", Napi::String::New(call.Env(), code));
    error.Set("errno", Napi::Number::New(call.Env(), failure.number));
    error.Set("step", Napi::String::New(call.Env(), failure.step));
    throw error;
  }
  return call.Env().Undefined();
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports["enterNetworkNamespace"] = Napi::Function::New(env, enter_network_namespace, "enterNetworkNamespace");
  addon::ConnectionRead::define(env, exports);
  return Ipvs::define(env, exports);
}

}  // namespace

NODE_API_MODULE(ipvs, init)
