import type { ReadImages } from "./read-images.ts"

/** Reads texts away from the page, which answers meanwhile. */
export interface ImageReader {
  /** What the text names. One at a time: a text that is still being read when the next one comes is never answered. Rejects where there is no worker. */
  read(text: string): Promise<ReadImages>
  close(): void
}

/** A reader whose worker, and with it the reader of YAML, is loaded with the first text. */
export function openImageReader(): ImageReader {
  let worker: Worker | undefined
  let isReading = false
  const close = () => {
    worker?.terminate()
    worker = undefined
    isReading = false
  }

  return {
    read(text) {
      if (isReading) close()
      isReading = true
      const reader = worker ?? new Worker(new URL("./found-images-worker.ts", import.meta.url), { type: "module" })
      worker = reader
      return new Promise((resolve, reject) => {
        reader.onmessage = ({ data }: MessageEvent<ReadImages>) => {
          isReading = false
          resolve(data)
        }
        reader.onerror = ({ message }) => {
          close()
          reject(new Error(`The images of the text cannot be read here: ${message}`))
        }
        reader.postMessage(text)
      })
    },
    close,
  }
}
