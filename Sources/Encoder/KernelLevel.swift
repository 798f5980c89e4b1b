import CKernels

/// Which of the processor's vector instructions the encoder uses.
package enum KernelLevel: Int32, CaseIterable, Sendable {
    /// 128-bit vectors; every processor has them.
    case portable = 0
    case avx2 = 1
    /// AVX-512 with VNNI.
    case avx512 = 2

    /// The highest level of this processor.
    package static var best: KernelLevel { KernelLevel(rawValue: ck_level_best()) ?? .portable }

    package var isSupported: Bool { ck_level_supported(rawValue) != 0 }
}
