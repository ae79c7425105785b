/**
 * A sound for what is said where nobody looks. Several tabs may hear of it: by what they keep on the device, one that
 * is looked at says so to the others, and only one of them sounds.
 */

import { stored } from "./stored.js"

/** Sooner than this there is no other. */
const pauseMs = 1000
/** Time for the other tabs to say that they are looked at, and by chance who is first. */
const hushMs = 200
const chanceMs = 300

const [attack, decay, loudness] = [0.01, 0.35, 0.08]
/** In hertz: a step up for what is meant for oneself. Source: equal temperament, C5, E5 and B5. */
const tones = { mentions: [659.25, 987.77], all: [523.25] }

export function startSounds(room) {
  const here = room.dataset.channel
  const looked = stored("looked", { at: 0 })
  const sounded = stored("sounded", 0)

  document.addEventListener("reading:news", ({ detail }) => {
    if (isLookedAt()) looked.value = { at: Date.now(), channel: here }
    if (isWanted(detail)) setTimeout(() => sound(detail), hushMs + Math.random() * chanceMs)
  })

  function sound({ channel, isForMe }) {
    looked.reload()
    sounded.reload()
    const isLooking = Date.now() - looked.value.at < pauseMs + hushMs + chanceMs
    // What is meant for oneself is worth it in whatever other room one is.
    if (isLooking && (!isForMe || looked.value.channel === channel)) return
    if (Date.now() - sounded.value < pauseMs) return

    sounded.value = Date.now()
    chime(isForMe ? "mentions" : "all")
  }

  function isLookedAt() {
    return !document.hidden && document.hasFocus() && document.getElementById("jump").hidden
  }
}

function isWanted({ isForMe }) {
  const wanted = document.documentElement.dataset.sounds ?? "mentions"
  return wanted === "all" || (wanted === "mentions" && isForMe)
}

let audio

/** Made on the spot: there is nothing to fetch. */
export function chime(kind) {
  // Before they did anything here, their browser lets nothing sound.
  if (navigator.userActivation?.hasBeenActive === false) return

  audio ??= new AudioContext()
  audio.resume()
  for (const [at, frequency] of tones[kind].entries()) play(frequency, audio.currentTime + at * 0.12)
}

function play(frequency, from) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()]
  tone.frequency.value = frequency
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(loudness, from + attack)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + decay)
  tone.connect(volume).connect(audio.destination)
  tone.start(from)
  tone.stop(from + decay)
}
