import { findImages } from "@entrepot/core/image-list"
import { plainImages } from "./read-images.ts"

// Runs as a worker: it is given texts, and answers each with its images.
self.addEventListener("message", ({ data }: MessageEvent<string>) => self.postMessage(plainImages(findImages(data))))
