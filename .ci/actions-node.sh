# Sourced: `$node` is the very Node that runs actions, or this ends. It is a devDependency; npx would fall back silently.
node=node_modules/node/bin/node
wanted=v$(cat .node-version)
found=$("$node" --version)
[ "$found" = "$wanted" ] || { echo "$node is $found, not $wanted: was its install script blocked?" >&2; exit 1; }
