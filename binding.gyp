{
  "targets": [
    {
      "target_name": "ipvs",
      "sources": [
        "native/addon.cc",
        "native/client.cc",
        "native/connection-file.cc",
        "native/connection-order.cc",
        "native/connection-text.cc",
        "native/connections.cc",
        "native/ipvs.cc",
        "native/ipvs-control.cc",
        "native/ipvs-encode.cc",
        "native/netns.cc",
        "native/socket.cc",
        "native/template-holds.cc"
      ],
      "dependencies": ["<!(node -p \"require('node-addon-api').targets\"):node_addon_api_except"],
      "defines": ["NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++20", "-Wall", "-Wextra", "-Werror"]
    }
  ]
}
