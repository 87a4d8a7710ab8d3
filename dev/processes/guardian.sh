# Outlives its parent by a few seconds and stops what the parent started.
# stdin:  "add PID SIGNAL GRACE_SECONDS" (answered with "ok PID"), "remove PID"; its end means that the parent is
#         gone, however it went. Every PID leads a process group.
# A shell and not Node, because one of these runs beside every parent: 1 MB, started in 2 ms.
trap '' INT TERM HUP QUIT PIPE
children=''

without() {
  kept=''
  for child in $children; do
    [ "${child%%:*}" = "$1" ] || kept="$kept $child"
  done
}

while read -r verb pid signal grace; do
  case "$verb" in
    add) children="$children $pid:$signal:$grace"; echo "ok $pid" ;;
    remove) without "$pid"; children="$kept" ;;
  esac
done

end_group() {
  kill -s "$2" -- "-$1" 2>/dev/null || return 0
  tenths=$(($3 * 10))
  while [ "$tenths" -gt 0 ] && kill -s 0 -- "-$1" 2>/dev/null; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -s KILL -- "-$1" 2>/dev/null
}

for child in $children; do
  rest="${child#*:}"
  end_group "${child%%:*}" "${rest%%:*}" "${rest#*:}" &
done
wait
