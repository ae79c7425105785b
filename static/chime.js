/** The tones of new messages. Loaded with the first one; it imports nothing that every page loads too. */

const [attack, decay, loudness] = [0.01, 0.35, 0.08]
/** In hertz; a rising step for mentions. Source: equal temperament, C5, E5 and B5. */
const tones = { mentions: [659.25, 987.77], all: [523.25] }

/** Plays short tones, synthesized: there is nothing to load. */
class Chime {
  /** @type {AudioContext | undefined} */
  #audio

  /** @param {keyof typeof tones} kind */
  play(kind) {
    const audio = this.#audio ?? new AudioContext()
    this.#audio = audio
    audio.resume()
    for (const [i, frequency] of tones[kind].entries())
      playTone(audio, frequency, audio.currentTime + i * 0.12)
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} frequency
 * @param {number} from
 */
function playTone(audio, frequency, from) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()]
  tone.frequency.value = frequency
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(loudness, from + attack)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + decay)
  tone.connect(volume).connect(audio.destination)
  tone.start(from)
  tone.stop(from + decay)
}

const chime = new Chime()

/** @param {keyof typeof tones} kind */
export function playChime(kind) {
  chime.play(kind)
}
