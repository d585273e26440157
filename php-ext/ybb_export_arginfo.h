/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 1b561167f2673bffb0e81b6bfa5d715a1698f308 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export, 0, 1, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, request, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, progress, IS_CALLABLE, 1, "null")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, own_address, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_status, 0, 1, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_list, 0, 0, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, most, IS_LONG, 0, "20")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, before, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()

#define arginfo_ybb_export_chunks arginfo_ybb_export_status

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_estimate, 0, 1, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, request, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

#define arginfo_ybb_export_resume arginfo_ybb_export_status

#define arginfo_ybb_export_cancel arginfo_ybb_export_status

#define arginfo_ybb_export_delete arginfo_ybb_export_status

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_wait, 0, 2, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_ARG_TYPE_INFO(0, seconds, IS_DOUBLE, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_download, 0, 1, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_ARG_TYPE_MASK(0, part, MAY_BE_LONG | MAY_BE_STRING | MAY_BE_NULL, "null")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_stream, 0, 2, IS_ARRAY, 0)
ZEND_ARG_TYPE_MASK(0, request, MAY_BE_ARRAY | MAY_BE_STRING, NULL)
ZEND_ARG_TYPE_INFO(0, sink, IS_CALLABLE, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_link_sign, 0, 3, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_ARG_TYPE_MASK(0, part, MAY_BE_LONG | MAY_BE_STRING | MAY_BE_NULL, NULL)
ZEND_ARG_TYPE_INFO(0, seconds, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_link_check, 0, 3, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_ARG_TYPE_MASK(0, part, MAY_BE_LONG | MAY_BE_STRING | MAY_BE_NULL, NULL)
ZEND_ARG_TYPE_INFO(0, signature, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_templates, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_template_save, 0, 1, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO(0, template, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

#define arginfo_ybb_export_stats arginfo_ybb_export_templates

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_ybb_export_queue, 0, 0, IS_ARRAY, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_ybb_export_sweep arginfo_ybb_export_templates

ZEND_FUNCTION(ybb_export);
ZEND_FUNCTION(ybb_export_status);
ZEND_FUNCTION(ybb_export_list);
ZEND_FUNCTION(ybb_export_chunks);
ZEND_FUNCTION(ybb_export_estimate);
ZEND_FUNCTION(ybb_export_resume);
ZEND_FUNCTION(ybb_export_cancel);
ZEND_FUNCTION(ybb_export_delete);
ZEND_FUNCTION(ybb_export_wait);
ZEND_FUNCTION(ybb_export_download);
ZEND_FUNCTION(ybb_export_stream);
ZEND_FUNCTION(ybb_export_link_sign);
ZEND_FUNCTION(ybb_export_link_check);
ZEND_FUNCTION(ybb_export_templates);
ZEND_FUNCTION(ybb_export_template_save);
ZEND_FUNCTION(ybb_export_stats);
ZEND_FUNCTION(ybb_export_queue);
ZEND_FUNCTION(ybb_export_sweep);

static const zend_function_entry ext_functions[] = {
    ZEND_FE(ybb_export, arginfo_ybb_export) ZEND_FE(ybb_export_status, arginfo_ybb_export_status)
        ZEND_FE(ybb_export_list, arginfo_ybb_export_list) ZEND_FE(ybb_export_chunks,
                                                                  arginfo_ybb_export_chunks)
            ZEND_FE(ybb_export_estimate, arginfo_ybb_export_estimate) ZEND_FE(
                ybb_export_resume, arginfo_ybb_export_resume) ZEND_FE(ybb_export_cancel,
                                                                      arginfo_ybb_export_cancel)
                ZEND_FE(ybb_export_delete,
                        arginfo_ybb_export_delete) ZEND_FE(ybb_export_wait, arginfo_ybb_export_wait)
                    ZEND_FE(ybb_export_download, arginfo_ybb_export_download)
                        ZEND_FE(ybb_export_stream, arginfo_ybb_export_stream)
                            ZEND_FE(ybb_export_link_sign, arginfo_ybb_export_link_sign) ZEND_FE(
                                ybb_export_link_check, arginfo_ybb_export_link_check)
                                ZEND_FE(ybb_export_templates, arginfo_ybb_export_templates) ZEND_FE(
                                    ybb_export_template_save, arginfo_ybb_export_template_save)
                                    ZEND_FE(ybb_export_stats, arginfo_ybb_export_stats)
                                        ZEND_FE(ybb_export_queue, arginfo_ybb_export_queue)
                                            ZEND_FE(ybb_export_sweep, arginfo_ybb_export_sweep)
                                                ZEND_FE_END};

static const zend_function_entry class_YbbExport_Exception_methods[] = {ZEND_FE_END};

static zend_class_entry *
register_class_YbbExport_Exception(zend_class_entry *class_entry_RuntimeException)
{
    zend_class_entry ce, *class_entry;

    INIT_NS_CLASS_ENTRY(ce, "YbbExport", "Exception", class_YbbExport_Exception_methods);
    class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);

    return class_entry;
}
