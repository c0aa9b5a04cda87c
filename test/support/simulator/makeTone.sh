#!/usr/bin/env bash
# Makes tone.adts, one second of a quiet 440 Hz tone as AAC frames, from which the simulator builds sound tracks of
# any length. Needs ffmpeg; run it only to change the tone.
set -euo pipefail
cd "$(dirname "$0")"
ffmpeg -v error -y -f lavfi -i "sine=frequency=440:sample_rate=48000:duration=2" -af volume=0.2 -c:a aac -b:a 48k -ac 1 -fflags +bitexact -flags:a +bitexact -f adts tone.adts
