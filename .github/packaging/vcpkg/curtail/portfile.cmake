# An overlay port of the tree that it is in:
#     vcpkg install curtail --overlay-ports=.github/packaging/vcpkg
# For a port in a registry, vcpkg_from_github() of a release sets SOURCE_PATH instead.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

# Headers alone: nothing differs between debug and release.
set(VCPKG_BUILD_TYPE release)

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
    FEATURES
        csv-input CURTAIL_WITH_CSV_INPUT
        sha256    CURTAIL_WITH_SHA256
)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        ${FEATURE_OPTIONS}
        -DCURTAIL_BUILD_TESTS=OFF
        -DCURTAIL_BUILD_EXAMPLES=OFF
        -DCURTAIL_INSTALL=ON
        -DCURTAIL_USE_DRAGONBOX=OFF
        -DFETCHCONTENT_FULLY_DISCONNECTED=ON
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/curtail)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib" "${CURRENT_PACKAGES_DIR}/share/doc")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
